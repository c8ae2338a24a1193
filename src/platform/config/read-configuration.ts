import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Configuration, KafkaConfiguration, Mode, RateLimits } from './configuration.js';
import { brokenRules, type Problem } from './configuration-rules.js';
import {
  configurationTable,
  type Settings,
  type Variable,
  type VariableName,
} from './configuration-table.js';
import { keepSecret, type KeptSecret } from './kept-secret.js';
import { modeOf } from './mode.js';
import { fileVariable, readTexts } from './variable-texts.js';

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

/**
 * Reads the service's settings and, in development, makes the keys and tokens that are not given.
 *
 * @param environment `process.env`; empty variables count as not set
 * @returns the settings, or every problem at once
 */
export function readConfiguration(environment: NodeJS.ProcessEnv): ConfigurationResult {
  const { mode, settings, problems } = readSettings(environment);
  if (problems.length > 0) return { ok: false, problems };

  const complete = settings as Settings;
  const dataDirectory = path.resolve(complete.DATA_DIR);
  const development = mode === 'development';
  const port = complete.PORT ?? (development ? portOf(complete.PUBLIC_URL) : undefined) ?? DEFAULT_PORT;
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
      masterKey:
        complete.MASTER_KEY ?? Buffer.from(keepSecret(dataDirectory, 'master-key').value, 'base64url'),
      kafka: kafkaOf(complete),
      roles: new Set(complete.ROLES),
      adminToken: complete.ADMIN_TOKEN ?? (adminToken as KeptSecret).value,
      policyDirectory: complete.POLICY_DIR === undefined ? shippedPolicy : path.resolve(complete.POLICY_DIR),
      trustedProxies: complete.TRUSTED_PROXIES,
      rateLimits: rateLimitsOf(complete, mode),
      registrationCapacity: complete.REGISTRATION_CAPACITY || null,
      logLevel: complete.LOG_LEVEL,
    },
  };
}

/** What the environment says, as far as it can be read, for who needs only a part of it. Makes nothing. */
export interface SettingsReading {
  readonly mode: Mode;
  /** Without the variables that could not be read. */
  readonly settings: Partial<Settings>;
  /** From MASTER_KEY or its file. */
  readonly masterKey: Buffer | undefined;
  /** Everything that keeps the service from starting. */
  readonly problems: readonly Problem[];
}

/** Reads the environment without refusing it. Empty variables count as not set. */
export function readSettings(environment: NodeJS.ProcessEnv): SettingsReading {
  const { settings, problems, names } = readVariables(environment);
  const mode = modeOf(settings.PUBLIC_URL, environment['NODE_ENV']);
  return {
    mode,
    settings,
    masterKey: settings.MASTER_KEY,
    problems: [...problems, ...brokenRules(mode, settings, names)],
  };
}

/** The variables that could be read, and what is wrong with the others. */
function readVariables(environment: NodeJS.ProcessEnv): {
  readonly settings: Partial<Settings>;
  readonly problems: readonly Problem[];
  /** The others. */
  readonly names: ReadonlySet<VariableName>;
} {
  const { texts, fromFiles, ...without } = readTexts(environment);
  const problems = [...without.problems];
  const names = new Set(without.unreadable);
  const settings: Record<string, unknown> = {};
  for (const [name, variable] of Object.entries(configurationTable) as [VariableName, Variable][]) {
    const read = variable.schema.safeParse(texts[name]);
    if (read.success) {
      settings[name] = read.data;
      continue;
    }
    names.add(name);
    for (const { message } of read.error.issues) {
      problems.push(
        fromFiles.has(name)
          ? { variable: fileVariable(name), message: `names a file whose content ${message}` }
          : { variable: name, message },
      );
    }
  }
  return { settings, problems, names };
}

/** In production. In development a limit holds that is set. */
const defaultRateLimits: RateLimits = {
  address: 600,
  sameRequest: 120,
  shared: 1200,
  token: 600,
  failures: 30,
};

function rateLimitsOf(settings: Settings, mode: Mode): RateLimits {
  const limit = (name: keyof RateLimits, set: number | undefined) =>
    set === undefined ? (mode === 'production' ? defaultRateLimits[name] : null) : set || null;
  return {
    address: limit('address', settings.RATE_LIMIT_ADDRESS),
    sameRequest: limit('sameRequest', settings.RATE_LIMIT_SAME_REQUEST),
    shared: limit('shared', settings.RATE_LIMIT_SHARED),
    token: limit('token', settings.RATE_LIMIT_TOKEN),
    failures: limit('failures', settings.RATE_LIMIT_FAILURES),
  };
}

function portOf(publicUrl: string | undefined): number | undefined {
  if (publicUrl === undefined) return undefined;
  const { port, protocol } = new URL(publicUrl);
  return port !== '' ? Number(port) : protocol === 'https:' ? undefined : 80;
}

/** The Kafka settings of an environment; null when there are none. */
export function kafkaOf(settings: Partial<Settings>): KafkaConfiguration | null {
  if (settings.KAFKA_BROKERS === undefined) return null;
  const mechanism = settings.KAFKA_SASL_MECHANISM;
  return {
    brokers: settings.KAFKA_BROKERS,
    ssl: settings.KAFKA_SSL ?? false,
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
