import path from 'node:path';
import type { DatabaseSettings } from '../platform/config/configuration.js';
import type { Problem } from '../platform/config/configuration-rules.js';
import { readSettings } from '../platform/config/read-configuration.js';

const needed: ReadonlySet<string> = new Set([
  'DATABASE_URL',
  'MIGRATION_DATABASE_URL',
  'DATABASE_DIRECT_URL',
  'DATA_DIR',
]);

/**
 * Where the database is. What else of the environment is missing does not matter: commands run where no other secret is.
 *
 * @returns the problems of these variables alone; any address of the database will do
 */
export function databaseSettings(
  environment: NodeJS.ProcessEnv,
): { readonly settings: DatabaseSettings } | { readonly problems: readonly Problem[] } {
  const { settings, problems } = readSettings(environment);
  const { DATABASE_URL, MIGRATION_DATABASE_URL, DATABASE_DIRECT_URL, DATA_DIR = '.clientele' } = settings;
  const reachable = MIGRATION_DATABASE_URL ?? DATABASE_DIRECT_URL ?? DATABASE_URL;
  const relevant = problems.filter(
    ({ variable, message }) =>
      needed.has(variable.replace(/_FILE$/, '')) &&
      !(variable === 'DATABASE_URL' && reachable !== undefined && message.includes('is missing')),
  );
  if (relevant.length > 0) return { problems: relevant };
  return {
    settings: {
      databaseUrl: DATABASE_URL,
      migrationDatabaseUrl: MIGRATION_DATABASE_URL,
      databaseDirectUrl: DATABASE_DIRECT_URL,
      dataDirectory: path.resolve(DATA_DIR),
    },
  };
}
