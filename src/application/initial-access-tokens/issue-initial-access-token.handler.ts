import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { streams } from '../../contract/streams.js';
import type { InitialAccessTokenState } from '../../domain/initial-access-token/initial-access-token.js';
import { Clock } from '../../platform/clock.js';
import { mintCredential, randomId } from '../../platform/crypto/credentials.js';
import { sealingKeys } from '../../platform/crypto/sealer.js';
import { EventLog } from '../../platform/event-log/event-log.js';
import { DecideAgain, lost } from '../admission/decide-again.js';
import { Initiators } from '../admission/initiator.js';
import { EventContexts } from '../admission/event-contexts.js';
import { IssueInitialAccessToken } from './issue-initial-access-token.command.js';

/** Mints, records, and only then hands out. */
@CommandHandler(IssueInitialAccessToken)
export class IssueInitialAccessTokenHandler implements ICommandHandler<IssueInitialAccessToken> {
  constructor(
    private readonly log: EventLog,
    private readonly initiators: Initiators,
    private readonly contexts: EventContexts,
    private readonly decideAgain: DecideAgain,
    private readonly clock: Clock,
  ) {}

  execute({ realm, ask, operator, origin }: IssueInitialAccessToken): Promise<{
    readonly token: string;
    readonly state: InitialAccessTokenState;
  }> {
    return this.decideAgain.untilCommitted(async () => {
      const now = this.clock.now();
      const minted = mintCredential('initial_access_token', now, { id: randomId(), lifetime: ask.expiresIn });
      const tokenId = minted.credential.id;
      const { actor, reason } = await this.initiators.sealOperator(
        operator,
        ask.reason,
        sealingKeys.realm(realm),
      );
      const data = {
        token_id: tokenId,
        credential: minted.credential,
        max_uses: ask.maxUses,
        constraints: ask.constraints,
        reason,
      };
      const result = await this.log.append({
        context: await this.contexts.build({ realm, now, actor, origin }),
        writes: [
          {
            stream: streams.initialAccessToken(tokenId),
            head: undefined,
            events: [{ type: 'initial_access_token.issued', data }],
          },
        ],
      });
      if (!result.committed) return lost(result);
      return { result: { token: minted.text, state: result.heads[0]!.state as InitialAccessTokenState } };
    });
  }
}
