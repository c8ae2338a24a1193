import pg from 'pg';
import type { DatabaseSettings } from '../platform/config/configuration.js';
import { runningEmbeddedDatabase } from '../platform/database/embedded/embedded-database.js';
import { ownerUrl, startOwnDatabase } from '../startup/database.js';

/**
 * Runs something with the database's address as the owner of the tables: the configured one, the embedded one of a
 * service that is running, or the embedded one started for as long as it takes.
 */
export async function withDatabaseUrl<Result>(
  configuration: DatabaseSettings,
  progress: (line: string) => void,
  work: (url: string) => Promise<Result>,
): Promise<Result> {
  const reachable = ownerUrl(configuration) ?? runningEmbeddedDatabase(configuration.dataDirectory);
  if (reachable !== undefined) return work(reachable);
  const own = await startOwnDatabase(configuration, progress);
  // The embedded server's process does not keep ours alive, and waiting for its end alone would end us first.
  const alive = setInterval(() => undefined, 60_000);
  try {
    return await work(own!.url);
  } finally {
    await own?.stop();
    clearInterval(alive);
  }
}

/** The same with a connection of its own. */
export function withDatabase<Result>(
  configuration: DatabaseSettings,
  progress: (line: string) => void,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  return withDatabaseUrl(configuration, progress, async (url) => {
    const client = new pg.Client({ connectionString: url, application_name: 'clientele:command' });
    await client.connect();
    try {
      return await work(client);
    } finally {
      await client.end();
    }
  });
}
