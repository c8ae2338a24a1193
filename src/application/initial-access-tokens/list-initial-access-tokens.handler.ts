import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { InitialAccessTokenStore } from './initial-access-token-store.js';
import { ListInitialAccessTokens, type InitialAccessTokenPage } from './list-initial-access-tokens.query.js';

@QueryHandler(ListInitialAccessTokens)
export class ListInitialAccessTokensHandler implements IQueryHandler<ListInitialAccessTokens> {
  constructor(private readonly tokens: InitialAccessTokenStore) {}

  async execute({ realm, cursor, limit }: ListInitialAccessTokens): Promise<InitialAccessTokenPage> {
    const rows = await this.tokens.list(realm, cursor, limit + 1);
    const items = rows.slice(0, limit);
    return { items, nextCursor: rows.length > limit ? (items.at(-1)?.token_id ?? null) : null };
  }
}
