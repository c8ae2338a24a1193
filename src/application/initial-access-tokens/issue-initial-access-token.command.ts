import { Command } from '@nestjs/cqrs';
import type { TokenConstraints } from '../../contract/policy.js';
import type { InitialAccessTokenState } from '../../domain/initial-access-token/initial-access-token.js';
import type { Operator } from '../admission/operator.js';
import type { RequestOrigin } from '../admission/request-origin.js';

/** Issues an initial access token (RFC 7591 section 1.2). Its text exists in the one answer only. */
export class IssueInitialAccessToken extends Command<{
  readonly token: string;
  readonly state: InitialAccessTokenState;
}> {
  constructor(
    readonly realm: string,
    readonly ask: {
      /** Seconds. */
      readonly expiresIn: number;
      /** Null = unlimited. */
      readonly maxUses: number | null;
      readonly constraints: TokenConstraints;
      readonly reason: string;
    },
    readonly operator: Operator,
    readonly origin: RequestOrigin,
  ) {
    super();
  }
}
