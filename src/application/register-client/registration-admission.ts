import { Injectable } from '@nestjs/common';
import type { EventContext } from '../../contract/envelope.js';
import { streams } from '../../contract/streams.js';
import type { ClientState } from '../../domain/client/client-state.js';
import { needsSecret, registerClient } from '../../domain/client/register-client.js';
import { clientManagement } from '../../domain/realm/client-management.js';
import { timestamp } from '../../platform/clock.js';
import { mintCredential } from '../../platform/crypto/credentials.js';
import { EventLog } from '../../platform/event-log/event-log.js';
import type { Judgement } from '../admission/admission-judge.js';
import { lost, type Attempt } from '../admission/decide-again.js';
import type { RegistrationResult } from '../client-configuration/registered-client.js';
import { consumption } from '../initial-access-tokens/consume-initial-access-token.js';
import type { RegisterClient } from './register-client.command.js';
import { RegistrationGuards, type RegistrationGuarded } from './registration-guards.js';
import type { UnderstoodRegistration } from './registration-reader.js';
import { Replays } from './replays.js';

/** A registration that the policy did not deny. */
export interface AdmittedRegistration {
  readonly command: RegisterClient;
  readonly clientId: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly understood: UnderstoodRegistration;
  readonly guards: RegistrationGuarded;
  readonly judgement: Judgement;
  readonly context: EventContext;
}

/** Mints the credentials of a new client and appends its first event: the clear text of a secret exists here and in the answer. */
@Injectable()
export class RegistrationAdmission {
  constructor(
    private readonly log: EventLog,
    private readonly guards: RegistrationGuards,
    private readonly replays: Replays,
  ) {}

  async admit(admitted: AdmittedRegistration): Promise<Attempt<RegistrationResult>> {
    const { command, clientId, now, guards, judgement, context } = admitted;
    const { realm, caller, stated, asked } = admitted.understood;
    const { secret_lifetime, client_lifetime } = judgement.decision.obligations;
    const secret = needsSecret(asked.metadata)
      ? mintCredential('client_secret', now, { lifetime: secret_lifetime })
      : null;
    // Nobody owns a shared client.
    const owned = clientManagement(realm.state).enabled && !guards.fold;
    const registrationAccessToken = owned ? mintCredential('registration_access_token', now) : null;
    const events = registerClient({
      client_id: clientId,
      channel: 'dynamic',
      metadata: judgement.metadata,
      statement: judgement.statement,
      shared: guards.fold !== undefined,
      decision: judgement.decision,
      secret: secret?.credential ?? null,
      registration_access_token: registrationAccessToken?.credential ?? null,
      initial_access_token: caller.token
        ? { id: caller.token.state.token_id, constraints: caller.token.state.constraints }
        : null,
      expires_at: client_lifetime === undefined ? null : timestamp(now + client_lifetime * 1000),
    });
    const stream = streams.client(realm.state.name, clientId);
    const result = await this.log.append({
      context,
      requires: judgement.requires,
      writes: [{ stream, head: undefined, events }, ...consumption(caller.token, clientId, realm.state.name)],
      guards: guards.standing,
      claims: [
        ...stated.claims,
        ...this.guards.claims(guards, clientId),
        ...this.replays.claim(command, caller.policy.token_id, clientId),
      ],
      decisionInput: judgement.decisionInput,
    });
    if (!result.committed) {
      const replay = this.replays.answer(command, result.conflict);
      return replay ? { result: { rejection: replay } } : lost(result);
    }

    const head = result.heads[0]!;
    return {
      result: {
        registered: {
          state: inClear(head.state as ClientState, admitted),
          version: head.version,
          secret: secret?.text ?? null,
          registrationAccessToken: registrationAccessToken?.text ?? null,
        },
      },
    };
  }
}

/** The state with what the request brought in clear where the record has it sealed. */
function inClear(state: ClientState, { understood, judgement }: AdmittedRegistration): ClientState {
  const { asked, stated } = understood;
  if (!judgement.statement || !stated.statement) return { ...state, metadata: asked.metadata };
  const software_statement = { ...judgement.statement, statement: stated.statement.jws };
  return { ...state, metadata: asked.metadata, software_statement };
}
