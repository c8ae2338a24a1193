import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { streams } from '../../contract/streams.js';
import type { Rejection } from '../../domain/rejection.js';
import { Clock } from '../../platform/clock.js';
import { EventLog } from '../../platform/event-log/event-log.js';
import { DecideAgain, lost, type Attempt } from '../admission/decide-again.js';
import { EventContexts } from '../admission/event-contexts.js';
import { ClientChanges, type ClientChange } from '../client-configuration/client-change.js';
import { DeleteClient } from './delete-client.command.js';

type Result = { readonly deleted: true } | { readonly rejection: Rejection };

/** M-40: client_id, secrets and registration access token are dead with the commit. */
@CommandHandler(DeleteClient)
export class DeleteClientHandler implements ICommandHandler<DeleteClient> {
  constructor(
    private readonly log: EventLog,
    private readonly changes: ClientChanges,
    private readonly contexts: EventContexts,
    private readonly decideAgain: DecideAgain,
    private readonly clock: Clock,
  ) {}

  execute(command: DeleteClient): Promise<Result> {
    const change = this.changes.begin(command);
    return this.decideAgain.untilCommitted(() => this.attempt(command, change));
  }

  private async attempt(
    { realm, clientId, origin }: DeleteClient,
    change: ClientChange,
  ): Promise<Attempt<Result>> {
    const client = await change.admit();
    if ('rejection' in client) return { result: client };

    const now = this.clock.now();
    const actor = { kind: 'client', id: clientId, method: 'registration_access_token' } as const;
    const data = { client_id: clientId, by: 'client', reason: null } as const;
    const result = await this.log.append({
      context: await this.contexts.build({ realm, now, actor, origin }),
      requires: [{ stream: streams.realm(realm), version: client.realm.version }],
      writes: [
        { stream: streams.client(realm, clientId), head: client, events: [{ type: 'client.deleted', data }] },
      ],
    });
    return result.committed ? { result: { deleted: true } } : lost(result);
  }
}
