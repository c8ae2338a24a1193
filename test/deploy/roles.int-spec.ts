import { readFileSync } from 'node:fs';
import pg from 'pg';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { migrations } from '../../src/migrations.js';
import { migrate } from '../../src/platform/database/migrate.js';
import { StartRefused } from '../../src/platform/start-refused.js';
import { migrateDatabase } from '../../src/startup/database.js';
import { startTestCluster, type TestCluster } from '../support/postgres.js';
import { urlAs } from '../support/postgres-roles.js';
import { databaseUrl, onServer } from '../support/postgres-template.js';

const script = readFileSync('deploy/postgres/roles.sql', 'utf8');
const logger = pino({ level: 'silent' });

/** Roles belong to the server, and these have fixed names: hence a server of our own. */
let cluster: TestCluster;
let administrator: string;
const as = (name: string, password = `${name}-password`): string => urlAs(administrator, { name, password });
const settings = (url: string, migrationUrl?: string) => ({
  databaseUrl: url,
  migrationDatabaseUrl: migrationUrl,
  databaseDirectUrl: undefined,
});

beforeAll(async () => {
  cluster = await startTestCluster();
});

afterAll(async () => {
  await cluster.destroy();
});

beforeEach(async () => {
  await onServer(cluster.url, (client) => client.query('create database clientele'));
  administrator = databaseUrl(cluster.url, 'clientele');
});

afterEach(async () => {
  await onServer(cluster.url, async (client) => {
    await client.query('drop database clientele with (force)');
    const { rows } = await client.query<{ rolname: string }>(
      `select rolname from pg_roles where rolname like 'clientele\\_%'`,
    );
    for (const { rolname } of rows) await client.query(`drop role ${rolname}`);
  });
});

/** Runs the script as psql would run it: one session, the passwords as its settings. */
async function makeRoles(passwords: Record<string, string> = everyPassword()): Promise<void> {
  await onServer(administrator, async (client) => {
    for (const [name, password] of Object.entries(passwords))
      await client.query('select set_config($1, $2, false)', [`clientele.${name}_password`, password]);
    await client.query(script);
  });
}

function everyPassword(): Record<string, string> {
  return Object.fromEntries(
    ['owner', 'service', 'report'].map((name) => [name, `clientele_${name}-password`]),
  );
}

function rowsAs(url: string, statement: string): Promise<unknown[]> {
  return onServer(url, async (client) => (await client.query<Record<string, unknown>>(statement)).rows);
}

const tables = (): Promise<unknown[]> =>
  rowsAs(administrator, "select tablename from pg_tables where schemaname = 'public' order by 1");

describe('roles.sql', () => {
  it('makes the roles, none of which is more than it must be', async () => {
    await makeRoles();
    const roles = await rowsAs(
      administrator,
      `select rolname as name, rolcanlogin as login, rolsuper or rolcreatedb or rolcreaterole or rolreplication or rolbypassrls as mighty
       from pg_roles where rolname like 'clientele\\_%' order by 1`,
    );
    expect(roles).toEqual([
      { name: 'clientele_appender', login: false, mighty: false },
      { name: 'clientele_owner', login: true, mighty: false },
      { name: 'clientele_reader', login: false, mighty: false },
      { name: 'clientele_report', login: true, mighty: false },
      { name: 'clientele_service', login: true, mighty: false },
    ]);
  });

  it('may run again, keeps passwords that are not given and changes those that are', async () => {
    await makeRoles();
    await migrateDatabase(settings(as('clientele_service'), as('clientele_owner')), logger);
    await makeRoles({ service: 'changed' });
    expect(await rowsAs(as('clientele_service', 'changed'), 'select count(*)::int from events')).toEqual([
      { count: 0 },
    ]);
    await rowsAs(as('clientele_owner'), 'select 1');
    await expect(rowsAs(as('clientele_service'), 'select 1')).rejects.toMatchObject({ code: '28P01' });
  });

  it('says which password a new role lacks, and makes nothing', async () => {
    const { owner } = everyPassword();
    await expect(makeRoles({ owner: owner! })).rejects.toThrow(
      'the role clientele_service is new and needs a password: set clientele.service_password',
    );
    expect(await rowsAs(administrator, `select 1 from pg_roles where rolname like 'clientele\\_%'`)).toEqual(
      [],
    );
  });

  it('leaves nothing to roles that have no part in it', async () => {
    await makeRoles();
    await migrateDatabase(settings(as('clientele_service'), as('clientele_owner')), logger);
    await onServer(administrator, (client) =>
      client.query(`create role clientele_stranger login password 'x'`),
    );
    await expect(rowsAs(as('clientele_stranger', 'x'), 'select 1')).rejects.toMatchObject({ code: '42501' });
  });
});

describe('a start', () => {
  beforeEach(() => makeRoles());

  it('migrates as the owner and serves as the appender', async () => {
    const ran = await migrateDatabase(settings(as('clientele_service'), as('clientele_owner')), logger);
    expect(ran).toEqual(migrations.map(({ name }) => name));
    expect(
      await rowsAs(
        administrator,
        `select distinct tableowner as owner from pg_tables where schemaname = 'public'`,
      ),
    ).toEqual([{ owner: 'clientele_owner' }]);
  });

  it('as the appender alone changes nothing where nothing is to be done', async () => {
    await migrateDatabase(settings(as('clientele_owner')), logger);
    expect(await migrateDatabase(settings(as('clientele_service')), logger)).toEqual([]);
  });

  it.each([
    ['empty', migrations.length],
    ['one release behind', 1],
  ])('as the appender alone is refused where the schema is %s, with what to do', async (_, lacking) => {
    const present = migrations.slice(0, migrations.length - lacking);
    if (present.length > 0) await migrate(as('clientele_owner'), present);
    if (present.length > 0)
      await onServer(as('clientele_owner'), (client) =>
        client.query('grant select on schema_migrations to clientele_appender'),
      );
    const before = await tables();
    const start = migrateDatabase(settings(as('clientele_service')), logger);
    await expect(start).rejects.toBeInstanceOf(StartRefused);
    await expect(start).rejects.toThrow(
      new RegExp(
        `lacks .*${migrations.at(-1)!.name}, and clientele_service does not own it. Run clientele migrate as its owner, or set MIGRATION_DATABASE_URL`,
      ),
    );
    expect(await tables()).toEqual(before);
  });

  it('grants what is missing and revokes what is too much, also when no migration runs', async () => {
    const both = settings(as('clientele_service'), as('clientele_owner'));
    await migrateDatabase(both, logger);
    await onServer(as('clientele_owner'), async (client) => {
      await client.query('grant all on events to clientele_appender, public');
      await client.query('revoke all on client_directory from clientele_appender');
      await client.query('grant execute on function append_events to public');
    });
    expect(await migrateDatabase(both, logger)).toEqual([]);
    expect(
      await rowsAs(
        as('clientele_service'),
        `select has_table_privilege('events', 'delete') as deletes, has_table_privilege('client_directory', 'update') as projects,
                has_table_privilege('clientele_report', 'events', 'insert') as anybody,
                has_function_privilege('clientele_report', p.oid, 'execute') as calls
         from pg_proc p where proname = 'append_events'`,
      ),
    ).toEqual([{ deletes: false, projects: true, anybody: false, calls: false }]);
  });
});

describe('without the roles', () => {
  it('one role does everything, as in development', async () => {
    expect(await migrateDatabase(settings(administrator), logger)).toHaveLength(migrations.length);
    const client = new pg.Client({ connectionString: administrator });
    await client.connect();
    await client.query("select maintain_decision_inputs('400 days')");
    await client.end();
  });
});
