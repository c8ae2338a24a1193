import pg from 'pg';
import { DataSource, type Logger, type MigrationInterface } from 'typeorm';
import { applyPrivileges, type Privileges } from './privileges.js';

/** A migration as TypeORM runs it: a class whose name ends with its timestamp in milliseconds. */
export type MigrationClass = new () => MigrationInterface;

/** Any constant: instances that start together meet on this number. */
const MIGRATION_LOCK = 4_118_275_309;
/** Where TypeORM notes what ran. */
const TABLE = 'schema_migrations';

/**
 * Brings the database up to date. Instances that start together take turns, because TypeORM's executor takes no lock.
 *
 * @param url a direct connection as the owner of the tables; a transaction pooler would lose the lock
 * @param migrations every migration there is, in order; those that ran are skipped
 * @param privileges applied afterwards, also when nothing ran: the roles may be newer than the tables
 * @returns the names of the migrations that ran now
 * @throws Error of the migration that failed; its transaction is rolled back, the ones before it stay
 */
export async function migrate(
  url: string,
  migrations: readonly MigrationClass[],
  privileges?: Privileges,
): Promise<string[]> {
  const lock = new pg.Client({ connectionString: url, application_name: 'clientele:migrate' });
  await lock.connect();
  try {
    await lock.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const ran = await runPending(url, migrations);
    if (privileges) await applyPrivileges(lock, privileges);
    return ran;
  } finally {
    await lock.end();
  }
}

/** What a database lacks of this build's migrations, and what it has beyond them. */
export interface SchemaState {
  /** In the order they would run. */
  readonly pending: readonly string[];
  /** Of a newer build. */
  readonly unknown: readonly string[];
}

/** Compares the migrations that ran with those there are. Changes nothing. */
export async function schemaState(
  client: pg.ClientBase,
  migrations: readonly MigrationClass[],
): Promise<SchemaState> {
  const known = migrations.map((migration) => migration.name);
  const table = await client.query<{ exists: boolean }>(
    `select to_regclass('${TABLE}') is not null as exists`,
  );
  if (!table.rows[0]?.exists) return { pending: known, unknown: [] };
  const { rows } = await client.query<{ name: string }>(`select name from ${TABLE} order by timestamp`);
  const ran = new Set(rows.map((row) => row.name));
  return {
    pending: known.filter((name) => !ran.has(name)),
    unknown: [...ran].filter((name) => !known.includes(name)),
  };
}

/** Whether a connection's role owns the schema's tables, or could make the first ones. */
export async function mayMigrate(client: pg.ClientBase): Promise<boolean> {
  const { rows } = await client.query<{ may: boolean }>(
    `select coalesce(has_schema_privilege(current_schema(), 'create'), false) and
            coalesce((select pg_has_role(relowner, 'usage') from pg_class where oid = to_regclass('${TABLE}')), true) as may`,
  );
  return rows[0]?.may === true;
}

/** A migration that fails throws; TypeORM would print it as well. */
const silent: Logger = {
  logQuery: () => undefined,
  logQueryError: () => undefined,
  logQuerySlow: () => undefined,
  logSchemaBuild: () => undefined,
  logMigration: () => undefined,
  log: () => undefined,
};

async function runPending(url: string, migrations: readonly MigrationClass[]): Promise<string[]> {
  const dataSource = new DataSource({
    type: 'postgres',
    url,
    applicationName: 'clientele:migrate',
    migrations: [...migrations],
    migrationsTableName: TABLE,
    migrationsTransactionMode: 'each',
    installExtensions: false,
    synchronize: false,
    logger: silent,
    poolSize: 1,
  });
  await dataSource.initialize();
  try {
    const ran = await dataSource.runMigrations();
    return ran.map((migration) => migration.name);
  } finally {
    await dataSource.destroy();
  }
}
