import { chmodSync, mkdirSync } from 'node:fs';
import type { Logger } from 'pino';
import { migrations } from '../migrations.js';
import type { Configuration } from '../platform/config/configuration.js';
import { lockDirectory } from '../platform/database/embedded/directory-lock.js';
import {
  startEmbeddedDatabase,
  type EmbeddedDatabase,
} from '../platform/database/embedded/embedded-database.js';
import { migrate } from '../platform/database/migrate.js';
import { refusing } from '../platform/start-refused.js';

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
  { databaseUrl, dataDirectory }: Configuration,
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

/**
 * Brings the schema up to date.
 *
 * @throws StartRefused
 */
export async function migrateDatabase(configuration: Configuration, logger: Logger): Promise<void> {
  const { migrationDatabaseUrl, databaseDirectUrl, databaseUrl } = configuration;
  const url = migrationDatabaseUrl ?? databaseDirectUrl ?? databaseUrl ?? '';
  const ran = await refusing(
    () => migrate(url, migrations),
    (cause) =>
      `The database at ${new URL(url).host} cannot be used: ${cause.message || (cause as NodeJS.ErrnoException).code}`,
  );
  if (ran.length > 0) logger.info({ migrations: ran }, 'migrated the database');
}
