import pg from 'pg';
import { DataSource, type Logger, type MigrationInterface } from 'typeorm';

/** A migration as TypeORM runs it: a class whose name ends with its timestamp in milliseconds. */
export type MigrationClass = new () => MigrationInterface;

/** Any constant: instances that start together meet on this number. */
const MIGRATION_LOCK = 4_118_275_309;

/**
 * Brings the database up to date. Instances that start together take turns, because TypeORM's executor takes no lock.
 *
 * @param url a direct connection as the owner of the tables; a transaction pooler would lose the lock
 * @param migrations every migration there is, in order; those that ran are skipped
 * @returns the names of the migrations that ran now
 * @throws Error of the migration that failed; its transaction is rolled back, the ones before it stay
 */
export async function migrate(url: string, migrations: readonly MigrationClass[]): Promise<string[]> {
  const lock = new pg.Client({ connectionString: url, application_name: 'clientele:migrate' });
  await lock.connect();
  try {
    await lock.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    return await runPending(url, migrations);
  } finally {
    await lock.end();
  }
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
    migrationsTableName: 'schema_migrations',
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
