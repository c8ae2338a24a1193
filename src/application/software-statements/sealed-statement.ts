import type { Sealed } from '../../contract/sealed.js';
import type { ClientStatement } from '../../contract/software-statement.js';
import type { PolicyStatement } from '../../domain/policy/policy-input.js';
import type { Sealer } from '../../platform/crypto/sealer.js';
import type { AskedStatement } from './software-statements.js';

/** A statement as events and the kept policy input may hold it: what it says is sealed (ADR 0014). */
export interface SealedStatement {
  readonly record: ClientStatement;
  /** The claims, for the input that is kept: they may name people. */
  readonly claims: Sealed;
}

/**
 * Seals what a statement says.
 *
 * @param keyId of the client's sealing key
 * @param members that it set, as the policy saw them
 */
export async function sealStatement(
  sealer: Sealer,
  keyId: string,
  { jws, sha256, issuer, held }: AskedStatement,
  { members, claims }: PolicyStatement,
): Promise<SealedStatement> {
  const sealedClaims = await sealer.seal(keyId, claims);
  if (held) return { record: held, claims: sealedClaims };
  return {
    record: { statement: await sealer.seal(keyId, jws), sha256, issuer, members },
    claims: sealedClaims,
  };
}
