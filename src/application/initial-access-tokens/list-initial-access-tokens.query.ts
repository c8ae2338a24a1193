import { Query } from '@nestjs/cqrs';
import type { InitialAccessTokenState } from '../../domain/initial-access-token/initial-access-token.js';

export interface InitialAccessTokenPage {
  readonly items: readonly InitialAccessTokenState[];
  /** Null on the last page. */
  readonly nextCursor: string | null;
}

/** A page of a realm's initial access tokens, newest first. */
export class ListInitialAccessTokens extends Query<InitialAccessTokenPage> {
  constructor(
    readonly realm: string,
    /** Id of the last token of the page before. */
    readonly cursor: string | null,
    readonly limit: number,
  ) {
    super();
  }
}
