import { Command } from '@nestjs/cqrs';
import type { InitialAccessTokenState } from '../../domain/initial-access-token/initial-access-token.js';
import type { Operator } from '../admission/operator.js';
import type { RequestOrigin } from '../admission/request-origin.js';

/** Ends an initial access token; clients it admitted stay. Undefined = there is no such token. */
export class RevokeInitialAccessToken extends Command<InitialAccessTokenState | undefined> {
  constructor(
    readonly tokenId: string,
    readonly reason: string,
    readonly operator: Operator,
    readonly origin: RequestOrigin,
  ) {
    super();
  }
}
