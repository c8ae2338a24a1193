import { z } from 'zod';
import * as value from './values.js';

/** One environment variable: its row in the README, and how its text is read. */
export interface Variable {
  /** What it does, one sentence. */
  readonly description: string;
  /** What holds when it is not set, in words or as the value itself. */
  readonly unset: string;
  /** Never printed; may come from the file that `<NAME>_FILE` names. */
  readonly secret?: true;
  /** Its text, or undefined when it is not set or empty. */
  readonly schema: z.ZodType<unknown, string | undefined>;
}

/**
 * Every variable that Clientele reads. An empty one counts as not set. What depends on more than one variable is in
 * `configuration-rules.ts`.
 */
export const configurationTable = {
  PUBLIC_URL: {
    description:
      'Issuer of the default realm and base of every URL we give out. A loopback host means development.',
    unset: '`http://localhost:<PORT>`',
    schema: value.origin.optional(),
  },
  HOST: {
    description: 'Address to listen on.',
    unset: '`127.0.0.1` in development, `0.0.0.0` in production',
    schema: value.host.optional(),
  },
  PORT: {
    description: 'Port to listen on; 0 takes a free one.',
    unset: 'in development the port of `PUBLIC_URL`, otherwise `3000`',
    schema: value.port.optional(),
  },
  DATABASE_URL: {
    description: 'PostgreSQL that holds the event log.',
    unset: 'embedded PostgreSQL below `DATA_DIR` (development only)',
    secret: true,
    schema: value.postgresUrl.optional(),
  },
  MIGRATION_DATABASE_URL: {
    description: 'The same database as the owner of its tables, on a direct connection.',
    unset: '`DATABASE_DIRECT_URL`',
    secret: true,
    schema: value.postgresUrl.optional(),
  },
  DATABASE_DIRECT_URL: {
    description: 'The same database without a connection pooler in between, for migrations and commands.',
    unset: '`DATABASE_URL`',
    secret: true,
    schema: value.postgresUrl.optional(),
  },
  DATA_DIR: {
    description: 'Folder of the embedded database and of generated keys and tokens (development only).',
    unset: '`.clientele`',
    schema: z.string().default('.clientele'),
  },
  MASTER_KEY: {
    description: 'At least 32 random bytes in base64 that wrap every other key: `openssl rand -base64 32`.',
    unset: 'made at the first start and kept in `DATA_DIR` (development only)',
    secret: true,
    schema: value.keyMaterial.optional(),
  },
  ADMIN_TOKEN: {
    description: 'Bearer token of the admin API.',
    unset: 'made at the first start, printed once and kept in `DATA_DIR` (development only)',
    secret: true,
    schema: value.bearerToken.optional(),
  },
  KAFKA_BROKERS: {
    description: 'Kafka bootstrap servers, `host:port`, separated by commas.',
    unset: 'no relay; the log catches up when it is set',
    schema: value.list(value.hostAndPort).optional(),
  },
  KAFKA_SSL: {
    description: 'TLS to Kafka.',
    unset: '`false`',
    schema: value.flag.default(false),
  },
  KAFKA_SASL_MECHANISM: {
    description: '`plain`, `scram-sha-256` or `scram-sha-512`.',
    unset: 'no SASL',
    schema: value.oneOf(['plain', 'scram-sha-256', 'scram-sha-512']).optional(),
  },
  KAFKA_SASL_USERNAME: { description: 'SASL user.', unset: '', schema: z.string().optional() },
  KAFKA_SASL_PASSWORD: {
    description: 'SASL password.',
    unset: '',
    secret: true,
    schema: z.string().optional(),
  },
  ROLES: {
    description: 'What this process does: `api`, `relay` or both, separated by commas.',
    unset: '`api,relay`',
    schema: value.list(value.oneOf(['api', 'relay'])).default(['api', 'relay']),
  },
  POLICY_DIR: {
    description: 'Folder of the built policy bundle that a realm without a policy starts with.',
    unset: 'the shipped policy',
    schema: z.string().optional(),
  },
  TRUSTED_PROXIES: {
    description: 'Addresses or CIDR ranges whose `X-Forwarded-For` is believed, separated by commas.',
    unset: 'none',
    schema: value.list(value.addressRange).default([]),
  },
  RATE_LIMIT_ADDRESS: {
    description:
      'Registrations a minute from one address (IPv6: one /64). Like every limit on registrations it lets ten minutes of it through at once; 0 is no limit.',
    unset: '`600` in production, none in development',
    schema: value.count.optional(),
  },
  RATE_LIMIT_SAME_REQUEST: {
    description: 'The same, of one and the same body from one address.',
    unset: '`120` in production, none in development',
    schema: value.count.optional(),
  },
  RATE_LIMIT_SHARED: {
    description:
      'Registrations a minute of one redirect host, one software_id or one body over all addresses. Beyond it every address keeps a tenth of `RATE_LIMIT_SAME_REQUEST`.',
    unset: '`1200` in production, none in development',
    schema: value.count.optional(),
  },
  RATE_LIMIT_TOKEN: {
    description: 'Registrations a minute with one initial access token; no other limit applies to them.',
    unset: '`600` in production, none in development',
    schema: value.count.optional(),
  },
  RATE_LIMIT_FAILURES: {
    description:
      'Failed authentications a minute for one client from one address, and ten times as many from the address; 0 is no limit.',
    unset: '`30` in production, none in development',
    schema: value.count.optional(),
  },
  REGISTRATION_CAPACITY: {
    description:
      'Most clients of a realm that were registered without a token and never used. Beyond it only initial access tokens register; 0 is no limit.',
    unset: 'no limit',
    schema: value.count.optional(),
  },
  LOG_LEVEL: {
    description: '`fatal`, `error`, `warn`, `info`, `debug`, `trace` or `silent`.',
    unset: '`info`',
    schema: value.oneOf(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  },
} satisfies Record<string, Variable>;

export type VariableName = keyof typeof configurationTable;

/** The variables, each read on its own. */
export type Settings = {
  readonly [Name in VariableName]: z.output<(typeof configurationTable)[Name]['schema']>;
};
