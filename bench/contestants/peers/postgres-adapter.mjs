// Storage of oidc-provider in PostgreSQL: its adapter interface over one table, one prepared statement per call.
import pg from 'pg';

/** `json` rather than `jsonb`: payloads are only ever written and read whole, and json is cheaper for that. */
const TABLE = `
  create table if not exists oidc_models (
    model text not null collate "C",
    id text not null collate "C",
    payload json not null,
    grant_id text collate "C",
    user_code text collate "C",
    uid text collate "C",
    consumed_at timestamptz,
    expires_at timestamptz,
    primary key (model, id)
  );
  create index if not exists oidc_models_grant on oidc_models (grant_id) where grant_id is not null;
  create index if not exists oidc_models_uid on oidc_models (uid) where uid is not null;
  create index if not exists oidc_models_user_code on oidc_models (user_code) where user_code is not null;`;

const find = (column) => ({
  name: `find_by_${column}`,
  text: `select payload, consumed_at from oidc_models
    where model = $1 and ${column} = $2 and (expires_at is null or expires_at > now())`,
});

const STATEMENTS = {
  upsert: {
    name: 'upsert',
    text: `insert into oidc_models (model, id, payload, grant_id, user_code, uid, expires_at)
      values ($1, $2, $3, $4, $5, $6, now() + make_interval(secs => $7))
      on conflict (model, id) do update set payload = excluded.payload, grant_id = excluded.grant_id,
        user_code = excluded.user_code, uid = excluded.uid, expires_at = excluded.expires_at`,
  },
  find: find('id'),
  findByUid: find('uid'),
  findByUserCode: find('user_code'),
  consume: {
    name: 'consume',
    text: 'update oidc_models set consumed_at = now() where model = $1 and id = $2',
  },
  destroy: { name: 'destroy', text: 'delete from oidc_models where model = $1 and id = $2' },
  revoke: { name: 'revoke', text: 'delete from oidc_models where grant_id = $1' },
};

/**
 * @param {string} databaseUrl
 * @param {number} connections at most
 * @returns {Promise<new (model: string) => object>} the class that oidc-provider takes as `adapter`
 */
export async function postgresAdapter(databaseUrl, connections) {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: connections });
  await pool.query(TABLE);

  return class PostgresAdapter {
    constructor(model) {
      this.model = model;
    }

    async upsert(id, payload, expiresIn) {
      const { grantId = null, userCode = null, uid = null } = payload;
      const values = [this.model, id, JSON.stringify(payload), grantId, userCode, uid, expiresIn ?? null];
      await pool.query({ ...STATEMENTS.upsert, values });
    }

    find(id) {
      return this.read(STATEMENTS.find, id);
    }

    findByUid(uid) {
      return this.read(STATEMENTS.findByUid, uid);
    }

    findByUserCode(userCode) {
      return this.read(STATEMENTS.findByUserCode, userCode);
    }

    async consume(id) {
      await pool.query({ ...STATEMENTS.consume, values: [this.model, id] });
    }

    async destroy(id) {
      await pool.query({ ...STATEMENTS.destroy, values: [this.model, id] });
    }

    async revokeByGrantId(grantId) {
      await pool.query({ ...STATEMENTS.revoke, values: [grantId] });
    }

    async read(statement, key) {
      const { rows } = await pool.query({ ...statement, values: [this.model, key] });
      const [row] = rows;
      if (row === undefined || row.consumed_at === null) return row?.payload;
      return { ...row.payload, consumed: Math.floor(row.consumed_at.getTime() / 1000) };
    }
  };
}
