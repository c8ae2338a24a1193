import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ExpiredRows } from '../../src/features/authorization/storage/expired-rows.js';
import { groupRoles, type GroupRole } from '../../src/platform/database/privileges.js';
import { privileges } from '../../src/privileges.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';

const roles = Object.keys(groupRoles) as GroupRole[];
const DENIED = '42501';

let database: TestDatabase;
let appender: pg.Client;
let reader: pg.Client;

beforeAll(async () => {
  database = await createTestDatabase();
  appender = await connected(database.serviceUrl);
  reader = await connected(database.reportUrl);
});

afterAll(async () => {
  await appender.end();
  await reader.end();
  await database.drop();
});

async function connected(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client;
}

/** `object: role: privilege, privilege`, as the catalogue has it; the owner's own are not told. */
async function granted(catalogue: string): Promise<Record<string, Record<string, string[]>>> {
  const { rows } = await database.pool.query<{ object: string; role: string; privilege: string }>(
    `select o.object, coalesce(r.rolname, 'public') as role, lower(a.privilege_type) as privilege
     from (${catalogue}) o cross join lateral aclexplode(o.acl) a
     left join pg_roles r on r.oid = a.grantee where a.grantee <> o.owner`,
  );
  const found: Record<string, Record<string, string[]>> = {};
  for (const { object, role, privilege } of rows) ((found[object] ??= {})[role] ??= []).push(privilege);
  return found;
}

const inSchema = (column: string) => `${column} = 'public'::regnamespace`;
const relations = (kinds: string, partitions: boolean) => `
  select c.relname as object, c.relowner as owner, coalesce(c.relacl, acldefault('r', c.relowner)) as acl
  from pg_class c where c.relkind = any ('{${kinds}}') and c.relispartition = ${partitions} and ${inSchema('c.relnamespace')}`;
const functions = `
  select p.proname as object, p.proowner as owner, coalesce(p.proacl, acldefault('f', p.proowner)) as acl
  from pg_proc p where ${inSchema('p.pronamespace')}`;

async function names(catalogue: string): Promise<string[]> {
  const { rows } = await database.pool.query<{ object: string }>(catalogue);
  return rows.map(({ object }) => object).toSorted();
}

describe('the table of privileges', () => {
  it('has a row for every table, view and function of the schema, and no other', async () => {
    expect(Object.keys(privileges.tables).toSorted()).toEqual(await names(relations('r,p,v,m,f', false)));
    expect(Object.keys(privileges.functions).toSorted()).toEqual(await names(functions));
  });

  it('is what the database grants, to nobody else and nothing more', async () => {
    const expected: Record<string, Record<string, string[]>> = {};
    for (const [table, row] of Object.entries(privileges.tables)) {
      for (const role of roles.filter((each) => row[each].length > 0)) {
        (expected[table] ??= {})[groupRoles[role]] = expect.toSatisfy(
          (found: string[]) => found.toSorted().join() === row[role].toSorted().join(),
          `${table}: ${row[role].join()}`,
        );
      }
    }
    expect(await granted(relations('r,p,v,m,f', false))).toEqual(expected);
  });

  it('is what may be executed, by nobody else', async () => {
    const expected: Record<string, Record<string, string[]>> = {};
    for (const [name, granted] of Object.entries(privileges.functions)) {
      for (const role of granted) (expected[name] ??= {})[groupRoles[role]] = ['execute'];
    }
    expect(await granted(functions)).toEqual(expected);
  });

  it('leaves partitions and sequences to their owner', async () => {
    expect(await granted(relations('r', true))).toEqual({});
    expect(await granted(relations('S', false))).toEqual({});
  });
});

describe('the serving role', () => {
  const refused = [
    'update events set body = body',
    'delete from events',
    'truncate events',
    'alter table events disable trigger all',
    'drop trigger events_are_never_changed on events',
    "set session_replication_role = 'replica'",
    'drop table events',
    'update event_claims set position = 0',
    'delete from event_claims',
    'delete from client_directory',
    'truncate client_directory',
    'delete from decision_inputs',
    'select * from decision_inputs',
    'delete from policy_bundles',
    "update policy_bundles set bytes = ''",
    "update signing_keys set wrapped_private_jwk = ''",
    'delete from sealing_keys',
    'update projection_versions set active = 2',
    'insert into relay_lease select * from relay_lease',
    'delete from relay_lease',
    "insert into schema_migrations (timestamp, name) values (1, 'none')",
    'create table mine (id int)',
    'create schema mine',
    "create function append_events() returns void language sql as ''",
    "create or replace function refuse_change_of_events() returns trigger language plpgsql as 'begin return old; end'",
    "select ensure_decision_input_partition('2030-01-01')",
    'create role another',
    "copy events to program 'cat'",
  ];

  it.each(refused)('may not %s', async (statement) => {
    await expect(appender.query(statement)).rejects.toMatchObject({ code: DENIED });
  });

  it('has partitions made and dropped for it', async () => {
    const { rowCount } = await appender.query("select maintain_decision_inputs('400 days')");
    expect(rowCount).toBe(1);
  });

  it('removes what has expired', async () => {
    await appender.query(
      `insert into revoked_tokens (realm, jti, expires_at) values ('default', 'old', now() - interval '1 day')`,
    );
    const pool = new pg.Pool({ connectionString: database.serviceUrl, max: 1 });
    expect(await new ExpiredRows(pool).remove()).toBe(1);
    await pool.end();
    expect((await appender.query('select 1 from revoked_tokens')).rowCount).toBe(0);
  });
});

describe('the role for reports', () => {
  const readable = Object.entries(privileges.tables).filter(([, row]) => row.reader.includes('select'));

  it.each(readable)('reads %s', async (table) => {
    expect((await reader.query(`select count(*) from ${table}`)).rowCount).toBe(1);
  });

  it.each(['sealing_keys', 'signing_keys', 'cookie_keys', 'oauth_models', 'revoked_tokens', 'users'])(
    'cannot read %s',
    async (table) => {
      await expect(reader.query(`select from ${table}`)).rejects.toMatchObject({ code: DENIED });
    },
  );

  it.each(Object.keys(privileges.tables))('changes nothing in %s', async (table) => {
    for (const statement of [
      `delete from ${table}`,
      `truncate ${table}`,
      `insert into ${table} default values`,
    ])
      await expect(reader.query(statement)).rejects.toMatchObject({ code: DENIED });
  });

  it('calls no function of ours', async () => {
    await expect(reader.query("select maintain_decision_inputs('1 day')")).rejects.toMatchObject({
      code: DENIED,
    });
  });
});
