import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import { EventContexts } from '../../application/admission/event-contexts.js';
import type { EventContext } from '../../contract/envelope.js';
import type { Sealed } from '../../contract/sealed.js';
import { sealingKeys, type Sealer } from '../../platform/crypto/sealer.js';

/** Who types a command, and why: sealed, as in the events of the admin API. */
export interface CommandOrigin {
  readonly context: EventContext;
  readonly reason: Sealed | null;
}

/**
 * What the event of a command says about its origin.
 *
 * @param now milliseconds since the epoch
 * @throws Error when the sealer's master key is not the one of this database: keys that it wrapped would be lost
 */
export async function commandOrigin(
  sealer: Sealer,
  realm: string,
  now: number,
  reason: string | undefined,
): Promise<CommandOrigin> {
  try {
    await sealer.seal(sealingKeys.proof, 'proof');
  } catch (error) {
    throw new Error(
      `The present master key does not open what this database holds, so nothing was changed: ${(error as Error).message}. ` +
        'Is MASTER_KEY the key of this database, or was it rotated before? clientele doctor tells.',
      { cause: error },
    );
  }
  const key = sealingKeys.realm(realm);
  return {
    context: await new EventContexts(sealer).build({
      realm,
      now,
      actor: { kind: 'operator', id: await sealer.seal(key, userName()), method: 'command_line' },
      origin: { ip: null, userAgent: null, correlationId: randomUUID(), traceparent: null },
    }),
    reason: reason === undefined ? null : await sealer.seal(key, reason),
  };
}

/** Of the account that runs this; containers may run as one that has no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? 'unknown');
  }
}
