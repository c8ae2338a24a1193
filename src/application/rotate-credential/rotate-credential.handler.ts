import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { streams } from '../../contract/streams.js';
import type { IntentOutcome, IntentRefusal, OperatorAsk } from '../../domain/client/client-intents.js';
import type { ClientState } from '../../domain/client/client-state.js';
import { rotateRegistrationAccessToken, rotateSecret } from '../../domain/client/rotate-credentials.js';
import { clientManagement } from '../../domain/realm/client-management.js';
import { Clock, timestamp } from '../../platform/clock.js';
import { mintCredential, type MintedCredential } from '../../platform/crypto/credentials.js';
import { sealingKeys } from '../../platform/crypto/sealer.js';
import { EventLog } from '../../platform/event-log/event-log.js';
import { DecideAgain, lost, type Attempt } from '../admission/decide-again.js';
import { EventContexts } from '../admission/event-contexts.js';
import { Initiators } from '../admission/initiator.js';
import { ClientDirectory, type FoundClient } from '../directory/client-directory.js';
import { RealmRegistry, type RealmEntry } from '../realms/realm-registry.js';
import { RotateCredential, type IssuedCredential } from './rotate-credential.command.js';

type Result = IssuedCredential | { readonly refusal: IntentRefusal };

/** Loads, mints, decides and appends; the text of what was minted is answered once. */
@CommandHandler(RotateCredential)
export class RotateCredentialHandler implements ICommandHandler<RotateCredential> {
  constructor(
    private readonly log: EventLog,
    private readonly directory: ClientDirectory,
    private readonly realms: RealmRegistry,
    private readonly initiators: Initiators,
    private readonly contexts: EventContexts,
    private readonly decideAgain: DecideAgain,
    private readonly clock: Clock,
  ) {}

  execute(command: RotateCredential): Promise<Result> {
    return this.decideAgain.untilCommitted(() => this.attempt(command));
  }

  private async attempt(command: RotateCredential): Promise<Attempt<Result>> {
    const { realm, clientId, operator, origin } = command;
    const client = await this.directory.find(realm, clientId);
    if (!client) return { result: { refusal: { reason: 'client_not_found' } } };

    const realmEntry = await this.realms.get(realm);
    const key = sealingKeys.client(realm, clientId);
    const { actor, reason } = await this.initiators.sealOperator(operator, command.reason, key);
    const minted = mint(command, client);
    const ask = { reason, version: command.version, now: client.readAt };
    const outcome = decide(command, client, realmEntry, ask, minted);
    if ('refusal' in outcome) return { result: outcome };

    const result = await this.log.append({
      context: await this.contexts.build({ realm, now: this.clock.now(), actor, origin }),
      requires: [{ stream: streams.realm(realm), version: realmEntry.version }],
      writes: [{ stream: streams.client(realm, clientId), head: client, events: outcome.events }],
    });
    if (!result.committed) return lost(result);
    const head = result.heads[0]!;
    return { result: { client: { ...head, state: head.state as ClientState }, text: minted.text } };
  }
}

/** a secret lives as long as the policy's obligations let secrets of this client live. */
function mint({ credential }: RotateCredential, { state, readAt }: FoundClient): MintedCredential {
  const lifetime = credential.kind === 'client_secret' ? state.obligations.secret_lifetime : undefined;
  return mintCredential(credential.kind, readAt, { lifetime });
}

function decide(
  { credential }: RotateCredential,
  client: FoundClient,
  realm: RealmEntry,
  ask: OperatorAsk,
  minted: MintedCredential,
): IntentOutcome {
  if (credential.kind === 'registration_access_token') {
    const client_management = clientManagement(realm.state).enabled;
    const registration_access_token = minted.credential;
    return rotateRegistrationAccessToken(client, { ...ask, registration_access_token, client_management });
  }
  const overlap_ends_at =
    credential.overlap > 0 ? timestamp(client.readAt + credential.overlap * 1000) : null;
  return rotateSecret(client, { ...ask, secret: minted.credential, overlap_ends_at });
}
