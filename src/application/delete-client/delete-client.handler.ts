import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { streams } from '../../contract/streams.js';
import { clientStanding } from '../../domain/client/client-state.js';
import type { Rejection } from '../../domain/rejection.js';
import { Clock } from '../../platform/clock.js';
import { EventLog } from '../../platform/event-log/event-log.js';
import { DecideAgain, lost, type Attempt } from '../admission/decide-again.js';
import { EventContexts } from '../admission/event-contexts.js';
import { ClientAccess } from '../client-configuration/client-access.js';
import { DeleteClient } from './delete-client.command.js';

type Result = { readonly deleted: true } | { readonly rejection: Rejection };

/** M-40: client_id, secrets and registration access token are dead with the commit. */
@CommandHandler(DeleteClient)
export class DeleteClientHandler implements ICommandHandler<DeleteClient> {
  constructor(
    private readonly log: EventLog,
    private readonly access: ClientAccess,
    private readonly contexts: EventContexts,
    private readonly decideAgain: DecideAgain,
    private readonly clock: Clock,
  ) {}

  execute(command: DeleteClient): Promise<Result> {
    return this.decideAgain.untilCommitted(() => this.attempt(command));
  }

  private async attempt({ realm, clientId, bearer, origin }: DeleteClient): Promise<Attempt<Result>> {
    const now = this.clock.now();
    const client = await this.access.authenticate(realm, clientId, bearer, now);
    if ('rejection' in client) return { result: client };
    if (clientStanding(client.state, now) === 'suspended')
      return { result: { rejection: { kind: 'client_suspended' } } };

    const actor = { kind: 'client', id: clientId, method: 'registration_access_token' } as const;
    const data = { client_id: clientId, by: 'client', reason: null } as const;
    const result = await this.log.append({
      context: await this.contexts.build({ realm, now, actor, origin }),
      writes: [
        { stream: streams.client(realm, clientId), head: client, events: [{ type: 'client.deleted', data }] },
      ],
    });
    return result.committed ? { result: { deleted: true } } : lost(result);
  }
}
