import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { inject } from 'vitest';
import { createPool } from '../../src/platform/database/pool.js';
import { urlAs } from './postgres-roles.js';
import { createMigratedDatabase, databaseUrl, onServer } from './postgres-template.js';

export { startTestCluster, type TestCluster } from './postgres-cluster.js';

export interface TestDatabase {
  /** As a superuser, who owns the tables. */
  readonly url: string;
  /** As the role that serves in production. */
  readonly serviceUrl: string;
  /** As the role that reads reports in production. */
  readonly reportUrl: string;
  /** Ended by `drop`. */
  readonly pool: pg.Pool;
  drop(): Promise<void>;
}

/**
 * Creates a database that nobody else uses, on the run's server (vitest's project `integration` or `kafka`).
 *
 * @param options.migrate false for an empty database; otherwise it has the schema of `src/migrations.ts`
 */
export async function createTestDatabase(options: { migrate?: boolean } = {}): Promise<TestDatabase> {
  const server = inject('postgresUrl');
  const name = `test_${randomBytes(8).toString('hex')}`;
  if (options.migrate === false) await onServer(server, (client) => client.query(`create database ${name}`));
  else await createMigratedDatabase(server, inject('postgresRun'), name);
  const url = databaseUrl(server, name);
  const pool = createPool(url, { applicationName: 'clientele:test' });
  const { appender, reader } = inject('postgresLogins');
  return {
    url,
    serviceUrl: urlAs(url, appender),
    reportUrl: urlAs(url, reader),
    pool,
    async drop() {
      await pool.end();
      await onServer(server, (client) => client.query(`drop database if exists ${name} with (force)`));
    },
  };
}
