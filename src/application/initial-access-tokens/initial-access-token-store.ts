import { Inject, Injectable } from '@nestjs/common';
import type { Pool } from 'pg';
import {
  isUsable,
  type InitialAccessTokenState,
} from '../../domain/initial-access-token/initial-access-token.js';
import { credentialPrefixes, matchesCredential } from '../../platform/crypto/credentials.js';
import { POOL } from '../../platform/database/pool.js';
import type { StreamHead } from '../../platform/event-log/append-call.js';

const tokenSyntax = new RegExp(
  `^${credentialPrefixes.initial_access_token}([0-9a-f]{24})_[A-Za-z0-9_-]{43}$`,
);

type TokenHead = StreamHead<InitialAccessTokenState>;

/** Reads initial access tokens from their inline projection. */
@Injectable()
export class InitialAccessTokenStore {
  constructor(@Inject(POOL) private readonly pool: Pool) {}

  async find(tokenId: string): Promise<TokenHead | undefined> {
    const answer = await this.pool.query<{ version: number; hash: string; record: InitialAccessTokenState }>({
      name: 'initial_access_token_lookup',
      text: 'select version, hash, record from initial_access_tokens where token_id = $1',
      values: [tokenId],
    });
    const row = answer.rows[0];
    return row && { version: row.version, hash: row.hash, state: row.record };
  }

  /**
   * The token that was presented, if it is real and may be used in the realm now. Whether it still may be when the
   * registration is committed is for the append to say.
   *
   * @param now milliseconds since the epoch
   */
  async authenticate(text: string, realm: string, now: number): Promise<TokenHead | undefined> {
    const id = tokenSyntax.exec(text)?.[1];
    const head = id === undefined ? undefined : await this.find(id);
    const genuine = matchesCredential(text, head?.state.credential, now);
    return genuine && head && isUsable(head.state, realm, now) ? head : undefined;
  }

  /** A page of the realm's tokens, newest first. */
  async list(
    realm: string,
    before: string | null,
    limit: number,
  ): Promise<readonly InitialAccessTokenState[]> {
    const answer = await this.pool.query<{ record: InitialAccessTokenState }>({
      name: 'initial_access_token_list',
      text: `select record from initial_access_tokens
             where realm = $1 and ($2::text is null or (issued_at, token_id) <
               (select issued_at, token_id from initial_access_tokens where token_id = $2))
             order by issued_at desc, token_id desc limit $3`,
      values: [realm, before, limit],
    });
    return answer.rows.map((row) => row.record);
  }
}
