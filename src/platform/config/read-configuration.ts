import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Configuration, KafkaConfiguration } from './configuration.js';
import { brokenRules, type Problem } from './configuration-rules.js';
import { configurationTable, type Settings, type VariableName } from './configuration-table.js';
import { keepSecret, type KeptSecret } from './kept-secret.js';
import { modeOf } from './mode.js';
import { keyMaterial } from './values.js';

export type ConfigurationResult =
  | {
      readonly ok: true;
      readonly configuration: Configuration;
      /** Whether the admin token was made by this start, by an earlier one, or comes from the environment. */
      readonly adminToken: 'created' | 'kept' | 'given';
    }
  | { readonly ok: false; readonly problems: readonly Problem[] };

const DEFAULT_PORT = 3000;
const shippedPolicy = fileURLToPath(new URL('../../../policies/bundle', import.meta.url));
const schema = z.object(
  Object.fromEntries(Object.entries(configurationTable).map(([name, variable]) => [name, variable.schema])),
);

/**
 * Reads the service's settings and, in development, makes the keys and tokens that are not given.
 *
 * @param environment `process.env`; empty variables count as not set
 * @returns the settings, or every problem at once
 */
export function readConfiguration(environment: NodeJS.ProcessEnv): ConfigurationResult {
  const { settings, problems: unreadable } = readVariables(environment);
  const mode = modeOf(settings.PUBLIC_URL, environment['NODE_ENV']);
  const masterKeyFile = readMasterKeyFile(settings.MASTER_KEY_FILE);
  const problems = [
    ...unreadable,
    ...brokenRules(mode, settings, new Set(unreadable.map((problem) => problem.variable))),
    ...(masterKeyFile && 'message' in masterKeyFile ? [masterKeyFile] : []),
  ];
  if (problems.length > 0) return { ok: false, problems };

  const complete = settings as Settings;
  const dataDirectory = path.resolve(complete.DATA_DIR);
  const development = mode === 'development';
  const port = complete.PORT ?? (development ? portOf(complete.PUBLIC_URL) : undefined) ?? DEFAULT_PORT;
  const masterKey = complete.MASTER_KEY ?? (masterKeyFile as Buffer | undefined);
  const adminToken: KeptSecret | undefined =
    complete.ADMIN_TOKEN === undefined ? keepSecret(dataDirectory, 'admin-token') : undefined;
  return {
    ok: true,
    adminToken: adminToken === undefined ? 'given' : adminToken.created ? 'created' : 'kept',
    configuration: {
      mode,
      publicUrl: complete.PUBLIC_URL ?? `http://localhost:${port}`,
      host: complete.HOST ?? (development ? '127.0.0.1' : '0.0.0.0'),
      port,
      databaseUrl: complete.DATABASE_URL,
      migrationDatabaseUrl: complete.MIGRATION_DATABASE_URL,
      databaseDirectUrl: complete.DATABASE_DIRECT_URL,
      dataDirectory,
      masterKey: masterKey ?? Buffer.from(keepSecret(dataDirectory, 'master-key').value, 'base64url'),
      kafka: kafkaOf(complete),
      roles: new Set(complete.ROLES),
      adminToken: complete.ADMIN_TOKEN ?? (adminToken as KeptSecret).value,
      policyDirectory: complete.POLICY_DIR === undefined ? shippedPolicy : path.resolve(complete.POLICY_DIR),
      trustedProxies: complete.TRUSTED_PROXIES,
      logLevel: complete.LOG_LEVEL,
    },
  };
}

/** The variables that could be read, and what is wrong with the others. */
function readVariables(environment: NodeJS.ProcessEnv): { settings: Partial<Settings>; problems: Problem[] } {
  const texts: Record<string, string | undefined> = {};
  for (const name of Object.keys(configurationTable)) texts[name] = environment[name]?.trim() || undefined;
  const result = schema.safeParse(texts);
  if (result.success) return { settings: result.data, problems: [] };
  const problems = result.error.issues.map((issue) => ({
    variable: issue.path[0] as VariableName,
    message: issue.message,
  }));
  const settings: Record<string, unknown> = {};
  const unreadable = new Set<string>(problems.map((problem) => problem.variable));
  for (const [name, variable] of Object.entries(configurationTable)) {
    if (!unreadable.has(name)) settings[name] = variable.schema.parse(texts[name]);
  }
  return { settings, problems };
}

function readMasterKeyFile(file: string | undefined): Buffer | Problem | undefined {
  if (file === undefined) return undefined;
  try {
    const key = keyMaterial.safeParse(readFileSync(file, 'utf8').trim());
    return key.success
      ? key.data
      : { variable: 'MASTER_KEY_FILE', message: `: its content ${key.error.issues[0]?.message}` };
  } catch (error) {
    return { variable: 'MASTER_KEY_FILE', message: `cannot be read: ${(error as Error).message}` };
  }
}

function portOf(publicUrl: string | undefined): number | undefined {
  if (publicUrl === undefined) return undefined;
  const { port, protocol } = new URL(publicUrl);
  return port !== '' ? Number(port) : protocol === 'https:' ? undefined : 80;
}

function kafkaOf(settings: Settings): KafkaConfiguration | null {
  if (settings.KAFKA_BROKERS === undefined) return null;
  const mechanism = settings.KAFKA_SASL_MECHANISM;
  return {
    brokers: settings.KAFKA_BROKERS,
    ssl: settings.KAFKA_SSL,
    sasl:
      mechanism === undefined
        ? null
        : {
            mechanism,
            username: settings.KAFKA_SASL_USERNAME ?? '',
            password: settings.KAFKA_SASL_PASSWORD ?? '',
          },
  };
}
