import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { streams } from '../../contract/streams.js';
import { liveCredentials } from '../../domain/client/client-secrets.js';
import type { ClientState } from '../../domain/client/client-state.js';
import { Clock } from '../../platform/clock.js';
import { EventLog } from '../../platform/event-log/event-log.js';
import type { StreamHead } from '../../platform/event-log/append-call.js';
import { DecideAgain, lost, type Attempt } from '../admission/decide-again.js';
import { EventContexts } from '../admission/event-contexts.js';
import { ClientAccess, type ManagedClient } from './client-access.js';
import { GetClientConfiguration } from './get-client-configuration.query.js';
import type { RegistrationResult } from './registered-client.js';

/** Echoes the presented token, because only its digest is kept (M-10); a secret is never shown again. */
@QueryHandler(GetClientConfiguration)
export class GetClientConfigurationHandler implements IQueryHandler<GetClientConfiguration> {
  constructor(
    private readonly log: EventLog,
    private readonly access: ClientAccess,
    private readonly contexts: EventContexts,
    private readonly decideAgain: DecideAgain,
    private readonly clock: Clock,
  ) {}

  execute(query: GetClientConfiguration): Promise<RegistrationResult> {
    return this.decideAgain.untilCommitted(() => this.attempt(query));
  }

  private async attempt(query: GetClientConfiguration): Promise<Attempt<RegistrationResult>> {
    const client = await this.access.authenticate(query.realm, query.clientId, query.bearer);
    if ('rejection' in client) return { result: client };
    return endsGrace(client) ? this.confirm(query, client) : this.answer(query, client);
  }

  /** M-09: with its first use the new token is known to have arrived, and the one before is dead. */
  private async confirm(
    query: GetClientConfiguration,
    client: ManagedClient,
  ): Promise<Attempt<RegistrationResult>> {
    const { realm, clientId, origin } = query;
    const { replaces: _, ...token } = client.state.registration_access_token!;
    const data = {
      client_id: clientId,
      by: 'client',
      registration_access_token: token,
      reason: null,
    } as const;
    const result = await this.log.append({
      context: await this.contexts.build({
        realm,
        now: this.clock.now(),
        actor: { kind: 'client', id: clientId, method: 'registration_access_token' },
        origin,
      }),
      writes: [
        {
          stream: streams.client(realm, clientId),
          head: client,
          events: [{ type: 'client.registration_token_rotated', data }],
        },
      ],
    });
    return result.committed ? this.answer(query, result.heads[0] as StreamHead<ClientState>) : lost(result);
  }

  private async answer(
    { bearer }: GetClientConfiguration,
    { state, version }: Pick<StreamHead<ClientState>, 'state' | 'version'>,
  ): Promise<Attempt<RegistrationResult>> {
    return {
      result: {
        registered: {
          state: await this.access.unsealedState(state),
          version,
          secret: null,
          registrationAccessToken: bearer,
        },
      },
    };
  }
}

/** Whether the client presents the new token for the first time while the one before still works. */
function endsGrace({ state, presented, readAt }: ManagedClient): boolean {
  const before = state.registration_access_token?.replaces;
  return before !== undefined && presented !== before && liveCredentials([before], readAt).length > 0;
}
