import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { streams } from '../../contract/streams.js';
import type { InitialAccessTokenState } from '../../domain/initial-access-token/initial-access-token.js';
import { Clock } from '../../platform/clock.js';
import { sealingKeys } from '../../platform/crypto/sealer.js';
import { EventLog } from '../../platform/event-log/event-log.js';
import { DecideAgain, lost, type Attempt } from '../admission/decide-again.js';
import { Initiators } from '../admission/initiator.js';
import { EventContexts } from '../admission/event-contexts.js';
import { InitialAccessTokenStore } from './initial-access-token-store.js';
import { RevokeInitialAccessToken } from './revoke-initial-access-token.command.js';

/**
 * Revoking again changes nothing and succeeds. A revocation follows the uses of its token instead of losing against them:
 * a token that leaked is revoked while it is in use.
 */
@CommandHandler(RevokeInitialAccessToken)
export class RevokeInitialAccessTokenHandler implements ICommandHandler<RevokeInitialAccessToken> {
  constructor(
    private readonly log: EventLog,
    private readonly tokens: InitialAccessTokenStore,
    private readonly initiators: Initiators,
    private readonly contexts: EventContexts,
    private readonly decideAgain: DecideAgain,
    private readonly clock: Clock,
  ) {}

  execute(command: RevokeInitialAccessToken): Promise<InitialAccessTokenState | undefined> {
    return this.decideAgain.untilCommitted(() => this.attempt(command));
  }

  private async attempt(
    command: RevokeInitialAccessToken,
  ): Promise<Attempt<InitialAccessTokenState | undefined>> {
    const head = await this.tokens.find(command.tokenId);
    if (!head || head.state.revoked) return { result: head?.state };

    const now = this.clock.now();
    const { realm, token_id } = head.state;
    const { operator, origin } = command;
    const key = sealingKeys.realm(realm);
    const { actor, reason } = await this.initiators.sealOperator(operator, command.reason, key);
    const events = [{ type: 'initial_access_token.revoked', data: { token_id, reason } }] as const;
    const result = await this.log.append({
      context: await this.contexts.build({ realm, now, actor, origin }),
      writes: [
        {
          stream: streams.initialAccessToken(token_id),
          head,
          events,
          rebase: (current) => ((current.state as InitialAccessTokenState).revoked ? undefined : events),
        },
      ],
    });
    return result.committed ? { result: result.heads[0]!.state as InitialAccessTokenState } : lost(result);
  }
}
