import pg from 'pg';
import type { DatabaseSettings } from '../platform/config/configuration.js';
import { runningEmbeddedDatabase } from '../platform/database/embedded/embedded-database.js';
import { createPool } from '../platform/database/pool.js';
import { ownerUrl, startOwnDatabase } from '../startup/database.js';
import type { CommandContext } from './framework/command.js';

type Surroundings = Pick<CommandContext, 'output' | 'signal'>;

/**
 * Runs something with the database's address as the owner of the tables: the configured one, the embedded one of a
 * service that is running, or the embedded one started for as long as it takes.
 */
export async function withDatabaseUrl<Result>(
  settings: DatabaseSettings,
  { output }: Pick<Surroundings, 'output'>,
  work: (url: string) => Promise<Result>,
): Promise<Result> {
  const reachable = ownerUrl(settings) ?? runningEmbeddedDatabase(settings.dataDirectory);
  if (reachable !== undefined) return work(reachable);
  const own = await startOwnDatabase(settings, (line) => output.note(line));
  // The embedded server's process does not keep ours alive, and waiting for its end alone would end us first.
  const alive = setInterval(() => undefined, 60_000);
  try {
    return await work(own!.url);
  } finally {
    await own?.stop();
    clearInterval(alive);
  }
}

/** The same with a connection of its own, which a signal to end breaks off. */
export function withDatabase<Result>(
  settings: DatabaseSettings,
  surroundings: Surroundings,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  return withDatabaseUrl(settings, surroundings, (url) => withClient(url, surroundings.signal, work));
}

/** A connection for as long as the work takes; ended at once, with whatever it is doing, when the signal says so. */
export async function withClient<Result>(
  url: string,
  signal: AbortSignal,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client({ connectionString: url, application_name: 'clientele:command' });
  const interrupt = (): void => void client.end();
  // A connection that breaks between two queries is told by the next one.
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (error) {
    await client.end().catch(() => undefined);
    throw new Error(`The database at ${new URL(url).host} cannot be used: ${reasonOf(error)}`, {
      cause: error,
    });
  }
  try {
    signal.addEventListener('abort', interrupt, { once: true });
    return await work(client);
  } finally {
    signal.removeEventListener('abort', interrupt);
    await client.end();
  }
}

/** A small pool for as long as the work takes, for what needs one; its statements may take their time. */
export async function withPool<Result>(
  url: string,
  work: (pool: pg.Pool) => Promise<Result>,
): Promise<Result> {
  const pool = createPool(url, { applicationName: 'clientele:command', size: 2, statementTimeout: 0 });
  try {
    return await work(pool);
  } finally {
    await pool.end();
  }
}

/** A refused connection to a name with two addresses is an AggregateError without a message. */
function reasonOf(error: unknown): string {
  const { message, code } = error as NodeJS.ErrnoException;
  return message || code || String(error);
}
