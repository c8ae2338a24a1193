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

/** A token that somebody holds, and when it was looked up. */
export interface PresentedToken extends TokenHead {
  /** Milliseconds since the epoch by the database's clock, which is the same for all instances. */
  readonly readAt: number;
}

/** Reads initial access tokens from their inline projection. */
@Injectable()
export class InitialAccessTokenStore {
  constructor(@Inject(POOL) private readonly pool: Pool) {}

  async find(tokenId: string): Promise<PresentedToken | undefined> {
    const answer = await this.pool.query<{
      version: number;
      hash: string;
      record: InitialAccessTokenState;
      read_at: number;
    }>({
      name: 'initial_access_token_lookup',
      text: `select version, hash, record, (extract(epoch from clock_timestamp()) * 1000)::float8 as read_at
             from initial_access_tokens where token_id = $1`,
      values: [tokenId],
    });
    const row = answer.rows[0];
    return row && { version: row.version, hash: row.hash, state: row.record, readAt: row.read_at };
  }

  /**
   * The token that was presented, if it is real and may be used in the realm now, by the database's clock. Whether it still
   * may be when the registration is committed is for the append to say.
   */
  async authenticate(text: string, realm: string): Promise<PresentedToken | undefined> {
    const token = await this.findGenuine(text);
    return token && isUsable(token.state, realm, token.readAt) ? token : undefined;
  }

  /** The token that was presented, if it is real, also where it is used up or revoked. */
  async findGenuine(text: string): Promise<PresentedToken | undefined> {
    const id = tokenSyntax.exec(text)?.[1];
    const token = id === undefined ? undefined : await this.find(id);
    return matchesCredential(text, token?.state.credential, token?.readAt ?? 0) ? token : undefined;
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
