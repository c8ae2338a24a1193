import pg from 'pg';
import type { Configuration } from '../platform/config/configuration.js';
import { runningEmbeddedDatabase } from '../platform/database/embedded/embedded-database.js';
import { startOwnDatabase } from '../startup/database.js';

/**
 * Runs something on a connection of its own, as the owner of the tables: on the configured database, on the embedded one
 * of a service that is running, or on the embedded one started for as long as it takes.
 */
export async function withDatabase<Result>(
  configuration: Configuration,
  progress: (line: string) => void,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const configured =
    configuration.migrationDatabaseUrl ?? configuration.databaseDirectUrl ?? configuration.databaseUrl;
  const reachable = configured ?? runningEmbeddedDatabase(configuration.dataDirectory);
  const own = reachable === undefined ? await startOwnDatabase(configuration, progress) : undefined;
  // The embedded server's process does not keep ours alive, and waiting for its end alone would end us first.
  const alive = setInterval(() => undefined, 60_000);
  const client = new pg.Client({
    connectionString: reachable ?? own?.url,
    application_name: 'clientele:command',
  });
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end();
    await own?.stop();
    clearInterval(alive);
  }
}
