import { chmodSync, mkdirSync } from 'node:fs';
import pg from 'pg';
import type { Logger } from 'pino';
import { migrations } from '../migrations.js';
import type { DatabaseSettings } from '../platform/config/configuration.js';
import { lockDirectory } from '../platform/database/embedded/directory-lock.js';
import {
  startEmbeddedDatabase,
  type EmbeddedDatabase,
} from '../platform/database/embedded/embedded-database.js';
import { mayMigrate, migrate, schemaState } from '../platform/database/migrate.js';
import { refusing, StartRefused } from '../platform/start-refused.js';
import { privileges } from '../privileges.js';

/** The service's own PostgreSQL, together with the lock on its folder. */
export interface OwnDatabase {
  readonly url: string;
  /** Settles when the server has ended, whoever ended it. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
  /** Tells the server to stop, without waiting for it. */
  abandon(): void;
}

/** Others may pass through to the server's folder, which may belong to another user, but not list what lies here. */
const DATA_DIRECTORY_MODE = 0o711;

/**
 * Starts the embedded PostgreSQL, when there is no DATABASE_URL.
 *
 * @returns undefined when another PostgreSQL is configured
 * @throws StartRefused
 */
export async function startOwnDatabase(
  { databaseUrl, dataDirectory }: Pick<DatabaseSettings, 'databaseUrl' | 'dataDirectory'>,
  onProgress: (line: string) => void,
): Promise<OwnDatabase | undefined> {
  if (databaseUrl !== undefined) return undefined;
  return refusing(async () => {
    mkdirSync(dataDirectory, { recursive: true, mode: DATA_DIRECTORY_MODE });
    chmodSync(dataDirectory, DATA_DIRECTORY_MODE);
    const unlock = lockDirectory(dataDirectory);
    let database: EmbeddedDatabase;
    try {
      database = await startEmbeddedDatabase(dataDirectory, onProgress);
    } catch (error) {
      unlock();
      throw error;
    }
    return {
      url: database.url,
      ended: database.ended,
      async stop() {
        await database.stop();
        unlock();
      },
      abandon() {
        try {
          process.kill(database.pid, 'SIGINT');
        } catch {
          // It has ended already.
        }
      },
    };
  });
}

/** The database as the owner of its tables: MIGRATION_DATABASE_URL, else DATABASE_DIRECT_URL, else DATABASE_URL. */
export function ownerUrl(settings: Omit<DatabaseSettings, 'dataDirectory'>): string | undefined {
  return settings.migrationDatabaseUrl ?? settings.databaseDirectUrl ?? settings.databaseUrl;
}

/**
 * Brings the schema and its privileges up to date. The one place that does: a start and `clientele migrate` both come here.
 * A role that does not own the schema changes nothing, and is refused when there is something to change.
 *
 * @returns the names of the migrations that ran now
 * @throws StartRefused
 */
export async function migrateDatabase(
  settings: Omit<DatabaseSettings, 'dataDirectory'>,
  logger: Pick<Logger, 'info'>,
): Promise<readonly string[]> {
  const url = ownerUrl(settings) ?? '';
  const { owner, role, pending } = await usable(url, () => standingOf(url));
  if (!owner && pending.length > 0) {
    throw new StartRefused(
      `The schema of the database at ${new URL(url).host} lacks ${pending.join(', ')}, and ${role} does not own it. ` +
        'Run clientele migrate as its owner, or set MIGRATION_DATABASE_URL.',
    );
  }
  if (!owner) return [];
  const ran = await usable(url, () => migrate(url, migrations, privileges));
  if (ran.length > 0) logger.info({ migrations: ran }, 'migrated the database');
  return ran;
}

/** What a start has to know before it changes anything. */
async function standingOf(
  url: string,
): Promise<{ owner: boolean; role: string; pending: readonly string[] }> {
  const client = new pg.Client({ connectionString: url, application_name: 'clientele:migrate' });
  await client.connect();
  try {
    const { rows } = await client.query<{ role: string }>('select current_user as role');
    const { pending } = await schemaState(client, migrations);
    return { owner: await mayMigrate(client), role: rows[0]?.role ?? '', pending };
  } finally {
    await client.end();
  }
}

function usable<Result>(url: string, step: () => Promise<Result>): Promise<Result> {
  return refusing(
    step,
    (cause) =>
      `The database at ${new URL(url).host} cannot be used: ${cause.message || (cause as NodeJS.ErrnoException).code}`,
  );
}
