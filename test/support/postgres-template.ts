import pg from 'pg';
import { migrations } from '../../src/migrations.js';
import { migrate } from '../../src/platform/database/migrate.js';
import { privileges } from '../../src/privileges.js';

const TEMPLATE_LOCK = 7_204_911_350;

/** The same server, another database. */
export function databaseUrl(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}

/**
 * Creates a migrated database as a copy of a template that the first caller of the run migrates; a copy costs a fraction
 * of running every migration again.
 */
export async function createMigratedDatabase(url: string, run: string, database: string): Promise<void> {
  const template = templateName(run);
  await onServer(url, async (client) => {
    await client.query('select pg_advisory_lock($1)', [TEMPLATE_LOCK]);
    const found = await client.query('select 1 from pg_database where datname = $1', [template]);
    if (found.rowCount === 0) {
      const building = `${template}_building`;
      await client.query(`drop database if exists ${building} with (force)`);
      await client.query(`create database ${building}`);
      await migrate(databaseUrl(url, building), migrations, privileges);
      await client.query(`alter database ${building} rename to ${template}`);
    }
    await client.query(`create database ${database} template ${template}`);
  });
}

/** Removes what `createMigratedDatabase` left on a server that outlives the run. */
export async function dropTemplates(url: string, run: string): Promise<void> {
  await onServer(url, async (client) => {
    await client.query(`drop database if exists ${templateName(run)} with (force)`);
    await client.query(`drop database if exists ${templateName(run)}_building with (force)`);
  });
}

/** Runs statements on a connection of its own to the server's maintenance database. */
export async function onServer<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function templateName(run: string): string {
  return `clientele_template_${run}`;
}
