import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { streams } from '../../contract/streams.js';
import {
  approveClient,
  deleteClientAsOperator,
  denyClient,
  reinstateClient,
  suspendClient,
  type IntentOutcome,
  type IntentRefusal,
  type OperatorAsk,
  type ReviewedClient,
} from '../../domain/client/client-intents.js';
import type { ClientState } from '../../domain/client/client-state.js';
import { Clock } from '../../platform/clock.js';
import { randomId } from '../../platform/crypto/credentials.js';
import { sealingKeys } from '../../platform/crypto/sealer.js';
import { EventLog } from '../../platform/event-log/event-log.js';
import { DecideAgain, lost, type Attempt } from '../admission/decide-again.js';
import { EventContexts } from '../admission/event-contexts.js';
import { Initiators } from '../admission/initiator.js';
import { ClientDirectory, type DirectoryEntry, type FoundClient } from '../directory/client-directory.js';
import { OperateClient, type ClientIntent } from './operate-client.command.js';

type Result = { readonly client: DirectoryEntry } | { readonly refusal: IntentRefusal };

const decisions: Record<
  ClientIntent,
  (client: ReviewedClient | undefined, ask: OperatorAsk) => IntentOutcome
> = {
  approve: approveClient,
  deny: denyClient,
  suspend: (client, ask) => suspendClient(client, { ...ask, hold_id: randomId() }),
  reinstate: reinstateClient,
  delete: deleteClientAsOperator,
};

/** Loads, decides and appends an operator's change. */
@CommandHandler(OperateClient)
export class OperateClientHandler implements ICommandHandler<OperateClient> {
  constructor(
    private readonly log: EventLog,
    private readonly directory: ClientDirectory,
    private readonly initiators: Initiators,
    private readonly contexts: EventContexts,
    private readonly decideAgain: DecideAgain,
    private readonly clock: Clock,
  ) {}

  execute(command: OperateClient): Promise<Result> {
    let version = command.version;
    return this.decideAgain.untilCommitted(async () => {
      const client = await this.directory.find(command.realm, command.clientId);
      // A review is of what was there when it was made: a change that came in between is not approved unseen.
      if (isReview(command.intent)) version ??= client?.version ?? null;
      return this.attempt(command, client, version);
    });
  }

  private async attempt(
    command: OperateClient,
    client: FoundClient | undefined,
    version: number | null,
  ): Promise<Attempt<Result>> {
    const { intent, realm, clientId, operator, origin } = command;
    const now = this.clock.now();
    if (!client) return { result: { refusal: { reason: 'client_not_found' } } };

    const key = sealingKeys.client(realm, clientId);
    const { actor, reason } = await this.initiators.sealOperator(operator, command.reason, key);
    const outcome = decisions[intent](client, { reason, version, now: client.readAt });
    if ('refusal' in outcome) return { result: outcome };

    const result = await this.log.append({
      context: await this.contexts.build({ realm, now, actor, origin }),
      writes: [{ stream: streams.client(realm, clientId), head: client, events: outcome.events }],
    });
    if (!result.committed) return lost(result);
    const head = result.heads[0]!;
    return { result: { client: { ...head, state: head.state as ClientState } } };
  }
}

function isReview(intent: ClientIntent): boolean {
  return intent === 'approve' || intent === 'deny';
}
