import path from 'node:path';
import { findSecret } from '../platform/config/kept-secret.js';
import type { DatabaseSettings } from '../platform/config/configuration.js';
import type { VariableName } from '../platform/config/configuration-table.js';
import { readSettings, type SettingsReading } from '../platform/config/read-configuration.js';
import { EnvironmentProblems } from './framework/usage-error.js';

/** What commands that only need the database read. */
export const DATABASE_VARIABLES = [
  'MIGRATION_DATABASE_URL',
  'DATABASE_DIRECT_URL',
  'DATABASE_URL',
  'DATA_DIR',
] as const satisfies readonly VariableName[];

/** What commands that open sealed fields or keys read as well. */
export const KEY_VARIABLES = [...DATABASE_VARIABLES, 'MASTER_KEY'] as const satisfies readonly VariableName[];

/**
 * Where the database is. What else of the environment is missing does not matter: migrations run where no other secret is.
 *
 * @throws EnvironmentProblems
 */
export function databaseSettings(environment: NodeJS.ProcessEnv): DatabaseSettings {
  const reading = readSettings(environment);
  refuse(reading, DATABASE_VARIABLES);
  return databaseSettingsOf(reading);
}

/**
 * Where the database is, and the key that opens what is sealed in it. Never makes a key.
 *
 * @throws EnvironmentProblems
 */
export function keySettings(
  environment: NodeJS.ProcessEnv,
): DatabaseSettings & { readonly masterKey: Buffer } {
  const reading = readSettings(environment);
  refuse(reading, KEY_VARIABLES);
  const masterKey = masterKeyOf(reading);
  if (masterKey === undefined) {
    const message = '(or MASTER_KEY_FILE) is missing, and no service has made one in DATA_DIR';
    throw new EnvironmentProblems([{ variable: 'MASTER_KEY', message }]);
  }
  return { ...databaseSettingsOf(reading), masterKey };
}

/** The database of an environment that may have other problems. */
export function databaseSettingsOf({ settings }: SettingsReading): DatabaseSettings {
  return {
    databaseUrl: settings.DATABASE_URL,
    migrationDatabaseUrl: settings.MIGRATION_DATABASE_URL,
    databaseDirectUrl: settings.DATABASE_DIRECT_URL,
    dataDirectory: path.resolve(settings.DATA_DIR ?? '.clientele'),
  };
}

/** The master key of an environment: given, or kept by a development service that ran before. */
export function masterKeyOf(reading: SettingsReading): Buffer | undefined {
  if (reading.masterKey !== undefined || reading.mode === 'production') return reading.masterKey;
  const kept = findSecret(databaseSettingsOf(reading).dataDirectory, 'master-key');
  return kept === undefined ? undefined : Buffer.from(kept, 'base64url');
}

/** Stands on the problems of the variables that are needed; any address of the database will do. */
function refuse({ problems, settings }: SettingsReading, needed: readonly VariableName[]): void {
  const reachable = settings.MIGRATION_DATABASE_URL ?? settings.DATABASE_DIRECT_URL ?? settings.DATABASE_URL;
  const relevant = problems.filter(
    ({ variable, message }) =>
      (needed as readonly string[]).includes(variable.replace(/_FILE$/, '')) &&
      !(variable === 'DATABASE_URL' && reachable !== undefined && message.includes('is missing')),
  );
  if (relevant.length > 0) throw new EnvironmentProblems(relevant);
}
