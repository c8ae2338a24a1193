import { randomBytes } from 'node:crypto';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';
import type pg from 'pg';
import type { MasterKey } from '../../../platform/crypto/master-key.js';
import { SIGNING_ALGORITHM } from '../provider/offered.js';

const SIGNING = 'signing-key';
const COOKIES = 'cookie-key';

export interface SigningKeys {
  /** What oidc-provider signs with. */
  readonly private: JWK;
  /** What `/jwks` shows: the current key first, then retired ones that still verify. */
  readonly public: readonly JWK[];
}

/** The keys of a realm. They are made when they are first asked for, and leave the process only wrapped. */
export class RealmKeys {
  constructor(
    private readonly pool: pg.Pool,
    private readonly masterKey: MasterKey,
  ) {}

  /**
   * The realm's signing keys. Instances that start together agree: the unique index lets one key in.
   *
   * @throws Error when MASTER_KEY is not the one that wrapped the key
   */
  async signing(realm: string): Promise<SigningKeys> {
    const rows = (await this.signingRows(realm)) ?? (await this.makeSigningKey(realm));
    const current = rows.find((row) => row.retired_at === null)!;
    const bytes = this.masterKey.unwrap(SIGNING, `${realm}:${current.kid}`, current.wrapped_private_jwk);
    return {
      private: JSON.parse(bytes.toString('utf8')) as JWK,
      public: rows.map((row) => row.public_jwk),
    };
  }

  /** The keys that sign cookies: the current one first. */
  async cookies(realm: string): Promise<readonly string[]> {
    const rows = (await this.cookieRows(realm)) ?? (await this.makeCookieKey(realm));
    return rows.map((row) =>
      this.masterKey.unwrap(COOKIES, `${realm}:${row.id}`, row.wrapped_key).toString('base64url'),
    );
  }

  private async makeSigningKey(realm: string): Promise<readonly SigningKeyRow[]> {
    const { privateKey, publicKey } = await generateKeyPair(SIGNING_ALGORITHM, { extractable: true });
    const kid = await calculateJwkThumbprint(await exportJWK(publicKey));
    const named = { kid, use: 'sig', alg: SIGNING_ALGORITHM };
    const privateJwk = Buffer.from(JSON.stringify({ ...(await exportJWK(privateKey)), ...named }), 'utf8');
    await this.pool.query(
      `insert into signing_keys (realm, kid, public_jwk, wrapped_private_jwk) values ($1, $2, $3, $4)
       on conflict do nothing`,
      [
        realm,
        kid,
        { ...(await exportJWK(publicKey)), ...named },
        this.masterKey.wrap(SIGNING, `${realm}:${kid}`, privateJwk),
      ],
    );
    return (await this.signingRows(realm))!;
  }

  private async makeCookieKey(realm: string): Promise<readonly CookieKeyRow[]> {
    const id = randomBytes(8).toString('hex');
    await this.pool.query(
      'insert into cookie_keys (realm, id, wrapped_key) values ($1, $2, $3) on conflict do nothing',
      [realm, id, this.masterKey.wrap(COOKIES, `${realm}:${id}`, randomBytes(32))],
    );
    return (await this.cookieRows(realm))!;
  }

  /** Undefined for a realm that has no current key. */
  private async signingRows(realm: string): Promise<readonly SigningKeyRow[] | undefined> {
    const { rows } = await this.pool.query<SigningKeyRow>(
      `select kid, public_jwk, wrapped_private_jwk, retired_at from signing_keys where realm = $1
       order by retired_at desc nulls first, created_at desc`,
      [realm],
    );
    return rows[0]?.retired_at === null ? rows : undefined;
  }

  private async cookieRows(realm: string): Promise<readonly CookieKeyRow[] | undefined> {
    const { rows } = await this.pool.query<CookieKeyRow>(
      `select id, wrapped_key, retired_at from cookie_keys where realm = $1
       order by retired_at desc nulls first, created_at desc`,
      [realm],
    );
    return rows[0]?.retired_at === null ? rows : undefined;
  }
}

interface SigningKeyRow {
  readonly kid: string;
  readonly public_jwk: JWK;
  readonly wrapped_private_jwk: Buffer;
  readonly retired_at: Date | null;
}

interface CookieKeyRow {
  readonly id: string;
  readonly wrapped_key: Buffer;
  readonly retired_at: Date | null;
}
