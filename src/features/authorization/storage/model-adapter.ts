import { createHash } from 'node:crypto';
import type pg from 'pg';
import { type Adapter, type AdapterPayload, errors } from '../provider/oidc-provider.js';

/** What the loser of a race for a one-time value gets. */
const ALREADY_USED: Readonly<Record<string, () => Error>> = {
  PushedAuthorizationRequest: () => new errors.InvalidRequestUri('request_uri was already used'),
};

interface ModelRow {
  readonly payload: AdapterPayload;
  readonly consumed_at: Date | null;
}

/**
 * One of oidc-provider's models in PostgreSQL. Identifiers of codes, refresh tokens and sessions are bearer secrets, so
 * the row is found by their SHA-256 and does not contain them.
 */
export class ModelAdapter implements Adapter {
  /** @param model e.g. `RefreshToken` */
  constructor(
    private readonly pool: pg.Pool,
    private readonly realm: string,
    private readonly model: string,
  ) {}

  async upsert(id: string, payload: AdapterPayload, expiresIn?: number): Promise<void> {
    await this.pool.query({
      name: 'oauth-model-upsert',
      text: `insert into oauth_models (realm, model, id, payload, grant_id, uid, expires_at)
        values ($1, $2, $3, $4, $5, $6, now() + make_interval(secs => $7))
        on conflict (realm, model, id) do update set
          payload = excluded.payload, grant_id = excluded.grant_id, uid = excluded.uid, expires_at = excluded.expires_at`,
      values: [
        this.realm,
        this.model,
        digest(id),
        withoutSecrets(payload),
        payload.grantId ?? null,
        payload.uid ?? null,
        expiresIn ?? null,
      ],
    });
  }

  async find(id: string): Promise<AdapterPayload | undefined> {
    const { rows } = await this.pool.query<ModelRow>({
      name: 'oauth-model-find',
      text: 'select payload, consumed_at from oauth_models where realm = $1 and model = $2 and id = $3',
      values: [this.realm, this.model, digest(id)],
    });
    const payload = asPayload(rows[0]);
    return payload && { ...payload, jti: id };
  }

  async findByUid(uid: string): Promise<AdapterPayload | undefined> {
    const { rows } = await this.pool.query<ModelRow>({
      name: 'oauth-model-find-by-uid',
      text: 'select payload, consumed_at from oauth_models where realm = $1 and model = $2 and uid = $3',
      values: [this.realm, this.model, uid],
    });
    return asPayload(rows[0]);
  }

  /** The device grant is not offered. */
  async findByUserCode(): Promise<undefined> {
    return undefined;
  }

  /**
   * Marks a code or refresh token as used, once: of two that arrive together one wins, and the other is what a thief's
   * would be (RFC 9700 section 4.14.2), so the whole grant ends.
   */
  async consume(id: string): Promise<void> {
    const { rows } = await this.pool.query<{ consumed_now: boolean; grant_id: string | null }>({
      name: 'oauth-model-consume',
      text: `with used as (
          update oauth_models set consumed_at = now()
          where realm = $1 and model = $2 and id = $3 and consumed_at is null returning 1)
        select exists (select from used) as consumed_now, grant_id from oauth_models
        where realm = $1 and model = $2 and id = $3`,
      values: [this.realm, this.model, digest(id)],
    });
    const [row] = rows;
    if (row?.consumed_now) return;
    if (row?.grant_id) await revokeGrant(this.pool, this.realm, row.grant_id);
    throw ALREADY_USED[this.model]?.() ?? new errors.InvalidGrant('used twice at the same time');
  }

  async destroy(id: string): Promise<void> {
    await this.pool.query({
      name: 'oauth-model-destroy',
      text: 'delete from oauth_models where realm = $1 and model = $2 and id = $3',
      values: [this.realm, this.model, digest(id)],
    });
  }

  async revokeByGrantId(grantId: string): Promise<void> {
    await this.pool.query({
      name: 'oauth-model-revoke',
      text: 'delete from oauth_models where realm = $1 and model = $2 and grant_id = $3',
      values: [this.realm, this.model, grantId],
    });
  }
}

/**
 * Ends a grant: its codes and refresh tokens are gone at once, and its access tokens are inactive at introspection.
 *
 * @param grantId the `grant_id` claim of the tokens
 */
export async function revokeGrant(pool: pg.Pool, realm: string, grantId: string): Promise<void> {
  await pool.query(
    `delete from oauth_models where realm = $1 and (grant_id = $2 or (model = 'Grant' and id = $3))`,
    [realm, grantId, digest(grantId)],
  );
}

/** The key under which an identifier is stored. */
export function digest(id: string): Buffer {
  return createHash('sha256').update(id, 'utf8').digest();
}

function asPayload(row: ModelRow | undefined): AdapterPayload | undefined {
  if (!row) return undefined;
  if (!row.consumed_at) return row.payload;
  return { ...row.payload, consumed: Math.floor(row.consumed_at.getTime() / 1000) };
}

/** Leaves out the identifier itself, and the session cookie that an interaction carries along for nobody. */
function withoutSecrets(payload: AdapterPayload): AdapterPayload {
  const { jti: _identifier, session, ...rest } = payload;
  if (!session) return rest;
  const { cookie: _cookie, ...reference } = session;
  return { ...rest, session: reference };
}
