import type { JWK } from 'jose';
import type pg from 'pg';
import { Clock } from '../../../platform/clock.js';
import type { MasterKey } from '../../../platform/crypto/master-key.js';
import { COOKIES, newCookieKey, newSigningKey, SIGNING } from './new-keys.js';

export interface SigningKeys {
  /** What oidc-provider signs with. */
  readonly private: JWK;
  /** What `/jwks` shows: the key in force first, then keys that are about to be and keys that still verify. */
  readonly public: readonly JWK[];
}

/**
 * The keys of a realm. The first ones are made when they are first asked for; they leave the process only wrapped. Which
 * key is in force goes by the clock of this instance: a new one is published long enough before.
 */
export class RealmKeys {
  constructor(
    private readonly pool: pg.Pool,
    private readonly masterKey: MasterKey,
    private readonly clock: Clock = new Clock(),
  ) {}

  /**
   * The realm's signing keys. Instances that start together agree: the unique index lets one key in.
   *
   * @throws Error when MASTER_KEY is not the one that wrapped the key
   */
  async signing(realm: string): Promise<SigningKeys> {
    const rows = (await this.signingRows(realm)) ?? (await this.makeSigningKey(realm));
    const [current, ...others] = this.inForceFirst(rows);
    const bytes = this.masterKey.unwrap(SIGNING, `${realm}:${current.kid}`, current.wrapped_private_jwk);
    return {
      private: JSON.parse(bytes.toString('utf8')) as JWK,
      public: [current, ...others].map((row) => row.public_jwk),
    };
  }

  /** The keys that sign cookies: the one in force first. */
  async cookies(realm: string): Promise<readonly string[]> {
    const rows = (await this.cookieRows(realm)) ?? (await this.makeCookieKey(realm));
    return this.inForceFirst(rows).map((row) =>
      this.masterKey.unwrap(COOKIES, `${realm}:${row.id}`, row.wrapped_key).toString('base64url'),
    );
  }

  private async makeSigningKey(realm: string): Promise<readonly SigningKeyRow[]> {
    const { kid, publicJwk, wrapped } = await newSigningKey(realm, this.masterKey);
    await this.pool.query(
      `insert into signing_keys (realm, kid, public_jwk, wrapped_private_jwk) values ($1, $2, $3, $4)
       on conflict do nothing`,
      [realm, kid, publicJwk, wrapped],
    );
    return (await this.signingRows(realm))!;
  }

  private async makeCookieKey(realm: string): Promise<readonly CookieKeyRow[]> {
    const { id, wrapped } = newCookieKey(realm, this.masterKey);
    await this.pool.query(
      'insert into cookie_keys (realm, id, wrapped_key) values ($1, $2, $3) on conflict do nothing',
      [realm, id, wrapped],
    );
    return (await this.cookieRows(realm))!;
  }

  /** Undefined for a realm that has no key to go on with. */
  private async signingRows(realm: string): Promise<readonly SigningKeyRow[] | undefined> {
    const { rows } = await this.pool.query<SigningKeyRow>({
      name: 'signing_keys_of_realm',
      text: `select kid, public_jwk, wrapped_private_jwk, activates_at, retired_at from signing_keys where realm = $1
             order by retired_at desc nulls first`,
      values: [realm],
    });
    return rows[0]?.retired_at === null ? rows : undefined;
  }

  private async cookieRows(realm: string): Promise<readonly CookieKeyRow[] | undefined> {
    const { rows } = await this.pool.query<CookieKeyRow>({
      name: 'cookie_keys_of_realm',
      text: `select id, wrapped_key, activates_at, retired_at from cookie_keys where realm = $1
             order by retired_at desc nulls first`,
      values: [realm],
    });
    return rows[0]?.retired_at === null ? rows : undefined;
  }

  /**
   * @param rows the newest key first
   * @returns the newest one that is active already, then the others; the oldest where none is, e.g. because the clock of
   *   the instance that made the first key is ahead
   */
  private inForceFirst<Row extends KeyRow>(rows: readonly Row[]): [Row, ...Row[]] {
    const now = this.clock.now();
    const inForce = rows.find((row) => row.activates_at.getTime() <= now) ?? rows.at(-1)!;
    return [inForce, ...rows.filter((row) => row !== inForce)];
  }
}

interface KeyRow {
  readonly activates_at: Date;
  readonly retired_at: Date | null;
}

interface SigningKeyRow extends KeyRow {
  readonly kid: string;
  readonly public_jwk: JWK;
  readonly wrapped_private_jwk: Buffer;
}

interface CookieKeyRow extends KeyRow {
  readonly id: string;
  readonly wrapped_key: Buffer;
}
