import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Configuration } from './configuration.js';
import { configurationTable, type VariableName } from './configuration-table.js';
import { readConfiguration, type ConfigurationResult } from './read-configuration.js';

const production = {
  PUBLIC_URL: 'https://clients.example.com/',
  DATABASE_URL: 'postgres://clientele@db.example.com/clientele',
  MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
  ADMIN_TOKEN: 'f'.repeat(64),
};

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'clientele-configuration-'));
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

function read(environment: NodeJS.ProcessEnv): ConfigurationResult {
  return readConfiguration({ DATA_DIR: path.join(directory, 'data'), ...environment });
}

function accepted(environment: NodeJS.ProcessEnv) {
  const result = read(environment);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result;
}

/** Root may read every file: for the call it acts as a user who owns none. */
function withoutPrivileges<Result>(work: () => Result): Result {
  if (process.getuid?.() !== 0) return work();
  process.seteuid!(65_534);
  try {
    return work();
  } finally {
    process.seteuid!(0);
  }
}

function refused(environment: NodeJS.ProcessEnv): string[] {
  const result = read(environment);
  if (result.ok) throw new Error('it was accepted');
  return result.problems.map(({ variable, message }) => `${variable} ${message}`);
}

describe('without any variable', () => {
  it('is development on this machine with an embedded database', () => {
    expect(accepted({}).configuration).toMatchObject({
      mode: 'development',
      publicUrl: 'http://localhost:3000',
      host: '127.0.0.1',
      port: 3000,
      databaseUrl: undefined,
      kafka: null,
      trustedProxies: [],
      roles: new Set(['api', 'relay']),
      logLevel: 'info',
    });
  });

  it('makes a master key and an admin token once and keeps them for their owner alone', () => {
    const first = accepted({});
    const second = accepted({});
    expect([first.adminToken, second.adminToken]).toEqual(['created', 'kept']);
    expect(second.configuration.adminToken).toBe(first.configuration.adminToken);
    expect(second.configuration.masterKey).toEqual(first.configuration.masterKey);
    expect(first.configuration.masterKey).toHaveLength(32);
    for (const name of ['master-key', 'admin-token']) {
      expect(statSync(path.join(directory, 'data', name)).mode & 0o777).toBe(0o600);
    }
    expect(readFileSync(path.join(directory, 'data', 'admin-token'), 'utf8').trim()).toBe(
      first.configuration.adminToken,
    );
  });

  it('says so when a kept secret is empty, instead of running with it', () => {
    accepted({});
    writeFileSync(path.join(directory, 'data', 'admin-token'), '\n');
    expect(() => read({})).toThrow(/admin-token is empty/);
  });
});

describe('the mode', () => {
  it.each([
    [{ PUBLIC_URL: 'http://127.0.0.1:4000' }, 'development'],
    [{ PUBLIC_URL: 'http://[::1]:4000' }, 'development'],
    [{ PUBLIC_URL: 'https://clientele.localhost' }, 'development'],
    [{ ...production }, 'production'],
    [{ ...production, PUBLIC_URL: 'https://localhost', NODE_ENV: 'production' }, 'production'],
  ])('follows the address: %j is %s', (environment, mode) => {
    expect(accepted(environment).configuration.mode).toBe(mode);
  });

  it.each(['https://localhost.example.com', 'https://127.0.0.1.example.com', 'https://10.0.0.1'])(
    'takes %s for a foreign host',
    (publicUrl) => {
      expect(accepted({ ...production, PUBLIC_URL: publicUrl }).configuration.mode).toBe('production');
    },
  );
});

describe('production', () => {
  it('lists everything that is missing at once', () => {
    expect(refused({ PUBLIC_URL: 'http://clients.example.com' })).toEqual([
      expect.stringMatching(/^PUBLIC_URL must be an https URL/),
      expect.stringMatching(/^DATABASE_URL \(or DATABASE_URL_FILE\) is missing/),
      expect.stringMatching(/^MASTER_KEY \(or MASTER_KEY_FILE\) is missing/),
      expect.stringMatching(/^ADMIN_TOKEN \(or ADMIN_TOKEN_FILE\) is missing/),
    ]);
  });

  it('makes no secrets of its own and touches no folder', () => {
    accepted(production);
    expect(() => statSync(path.join(directory, 'data'))).toThrow(/ENOENT/);
  });

  it('listens on every address and drops the slash behind PUBLIC_URL', () => {
    const { configuration, adminToken } = accepted(production);
    expect(configuration).toMatchObject({
      host: '0.0.0.0',
      port: 3000,
      publicUrl: 'https://clients.example.com',
    });
    expect(adminToken).toBe('given');
  });

  it.each([
    ['PUBLIC_URL', { PUBLIC_URL: 'http://clients.example.com' }, /must be an https URL/],
    ['PUBLIC_URL', { PUBLIC_URL: 'http://localhost:3000', NODE_ENV: 'production' }, /must be an https URL/],
    ['PUBLIC_URL', { PUBLIC_URL: undefined, NODE_ENV: 'production' }, /must be an https URL/],
    ['DATABASE_URL', { DATABASE_URL: undefined }, /is missing/],
    ['DATABASE_URL', { DATABASE_URL: ' ' }, /is missing/],
    ['MASTER_KEY', { MASTER_KEY: undefined }, /is missing/],
    ['MASTER_KEY', { MASTER_KEY: Buffer.alloc(31).toString('base64') }, /must be at least 32 bytes/],
    ['ADMIN_TOKEN', { ADMIN_TOKEN: undefined }, /is missing/],
    ['ADMIN_TOKEN', { ADMIN_TOKEN: 'f'.repeat(31) }, /at least 32 characters/],
  ])('refuses to start over %s with %j', (variable, environment, reason) => {
    const problems = refused({ ...production, ...environment });
    expect(problems).toEqual([expect.stringMatching(new RegExp(`^${variable} .*${reason.source}`))]);
  });
});

describe('the port', () => {
  it('is that of PUBLIC_URL in development', () => {
    expect(accepted({ PUBLIC_URL: 'http://localhost:4321' }).configuration.port).toBe(4321);
  });

  it('gives PUBLIC_URL its own in development', () => {
    expect(accepted({ PORT: '4321' }).configuration.publicUrl).toBe('http://localhost:4321');
  });
});

describe('the master key', () => {
  it('is refused when it is short', () => {
    expect(refused({ MASTER_KEY: Buffer.alloc(31).toString('base64') })).toEqual([
      expect.stringMatching(/^MASTER_KEY must be at least 32 bytes/),
    ]);
  });
});

describe('a secret', () => {
  const databaseUrl = 'postgres://appender:p%40ss@db.example.com/clientele';
  const secrets: [VariableName, string, (configuration: Configuration) => unknown, unknown][] = [
    ['DATABASE_URL', databaseUrl, ({ databaseUrl: url }) => url, databaseUrl],
    ['MIGRATION_DATABASE_URL', databaseUrl, ({ migrationDatabaseUrl }) => migrationDatabaseUrl, databaseUrl],
    ['DATABASE_DIRECT_URL', databaseUrl, ({ databaseDirectUrl }) => databaseDirectUrl, databaseUrl],
    ['MASTER_KEY', Buffer.alloc(40, 3).toString('base64'), ({ masterKey }) => masterKey, Buffer.alloc(40, 3)],
    ['ADMIN_TOKEN', 'e'.repeat(64), ({ adminToken }) => adminToken, 'e'.repeat(64)],
    ['KAFKA_SASL_PASSWORD', 'from-a-file', ({ kafka }) => kafka?.sasl?.password, 'from-a-file'],
  ];

  function file(content: string): string {
    const name = path.join(directory, 'secret');
    writeFileSync(name, content);
    return name;
  }

  it('is every variable that the table says is never printed', () => {
    const marked = Object.entries(configurationTable).filter(([, variable]) => 'secret' in variable);
    expect(secrets.map(([name]) => name).toSorted()).toEqual(marked.map(([name]) => name).toSorted());
  });

  it.each(secrets)('%s comes from a file, without the line end', (name, text, of, value) => {
    const { [name as keyof typeof production]: _, ...others } = production;
    const { configuration } = accepted({
      ...others,
      KAFKA_BROKERS: 'kafka:9092',
      KAFKA_SASL_MECHANISM: 'plain',
      KAFKA_SASL_USERNAME: 'relay',
      ...(name === 'KAFKA_SASL_PASSWORD' ? {} : { KAFKA_SASL_PASSWORD: 'given' }),
      [`${name}_FILE`]: file(`${text}\n`),
    });
    expect(of(configuration)).toEqual(value);
  });

  it('is refused once, with the name of the variable that is wrong', () => {
    const { ADMIN_TOKEN: _, ...others } = production;
    const withFile = (name: string) => refused({ ...others, ADMIN_TOKEN_FILE: name });
    expect(withFile(path.join(directory, 'none'))).toEqual([
      'ADMIN_TOKEN_FILE names a file that does not exist',
    ]);
    expect(withFile(file(' \n'))).toEqual(['ADMIN_TOKEN_FILE names a file that is empty']);
    expect(withFile(directory)).toEqual([expect.stringMatching(/^ADMIN_TOKEN_FILE names a folder/)]);
    expect(withFile(file('has blanks'))).toEqual([
      expect.stringMatching(/^ADMIN_TOKEN_FILE names a file whose content may only have letters/),
    ]);
    expect(withFile(file('short'))).toEqual([
      expect.stringMatching(/^ADMIN_TOKEN must have at least 32 characters/),
    ]);
  });

  it('is refused when its file is closed to this user', () => {
    const name = file('f'.repeat(64));
    chmodSync(directory, 0o755);
    chmodSync(name, 0o000);
    const { ADMIN_TOKEN: _, ...others } = production;
    expect(withoutPrivileges(() => refused({ ...others, ADMIN_TOKEN_FILE: name }))).toEqual([
      'ADMIN_TOKEN_FILE names a file that this user may not read',
    ]);
  });

  it('is refused when it is given twice, and its file is then not read', () => {
    expect(refused({ ...production, ADMIN_TOKEN_FILE: path.join(directory, 'none') })).toEqual([
      'ADMIN_TOKEN_FILE is set beside ADMIN_TOKEN; set one of them',
    ]);
  });

  it('is not repeated when it was put where its file belongs', () => {
    const { ADMIN_TOKEN, ...others } = production;
    expect(JSON.stringify(refused({ ...others, ADMIN_TOKEN_FILE: ADMIN_TOKEN }))).not.toContain(ADMIN_TOKEN);
  });

  it('has every problem told at once', () => {
    const none = path.join(directory, 'none');
    expect(
      refused({
        PUBLIC_URL: 'http://clients.example.com',
        DATABASE_URL_FILE: none,
        MASTER_KEY_FILE: none,
        ADMIN_TOKEN_FILE: none,
      }),
    ).toEqual([
      'DATABASE_URL_FILE names a file that does not exist',
      'MASTER_KEY_FILE names a file that does not exist',
      'ADMIN_TOKEN_FILE names a file that does not exist',
      expect.stringMatching(/^PUBLIC_URL must be an https URL/),
    ]);
  });
});

describe('values', () => {
  it.each([
    [{ PUBLIC_URL: 'https://example.com/auth' }, /^PUBLIC_URL must not have a path/],
    [{ PUBLIC_URL: 'https://example.com/?a=b' }, /^PUBLIC_URL must not have a query/],
    [{ PUBLIC_URL: 'https://user@example.com' }, /^PUBLIC_URL must not contain a user name/],
    [{ PUBLIC_URL: 'ftp://example.com' }, /^PUBLIC_URL must be an http or https URL/],
    [{ PUBLIC_URL: 'example.com' }, /^PUBLIC_URL must be an http or https URL/],
    [{ PORT: '70000' }, /^PORT must be a number/],
    [{ PORT: '-1' }, /^PORT must be a number/],
    [{ DATABASE_URL: 'mysql://db' }, /^DATABASE_URL must be a URL like postgres:/],
    [{ KAFKA_BROKERS: 'broker' }, /^KAFKA_BROKERS has "broker", which is not host:port/],
    [{ KAFKA_BROKERS: ',' }, /^KAFKA_BROKERS must name at least one/],
    [{ KAFKA_SSL: 'maybe' }, /^KAFKA_SSL must be true or false/],
    [{ KAFKA_SASL_USERNAME: 'user' }, /^KAFKA_SASL_MECHANISM is missing/],
    [{ KAFKA_SASL_MECHANISM: 'gssapi' }, /^KAFKA_SASL_MECHANISM must be one of/],
    [{ ROLES: 'api,edge' }, /^ROLES must be one of api, relay, not "edge"/],
    [{ TRUSTED_PROXIES: '10.0.0.0/33' }, /^TRUSTED_PROXIES has "10\.0\.0\.0\/33"/],
    [{ TRUSTED_PROXIES: 'proxy.example' }, /^TRUSTED_PROXIES has "proxy\.example"/],
    [{ ADMIN_TOKEN: 'has blanks' }, /^ADMIN_TOKEN may only have/],
    [{ LOG_LEVEL: 'loud' }, /^LOG_LEVEL must be one of/],
  ])('%j is refused', (environment, message) => {
    expect(refused({ ...production, PUBLIC_URL: 'http://localhost:3000', ...environment })).toContainEqual(
      expect.stringMatching(message),
    );
  });

  it('counts an empty variable as not set', () => {
    expect(accepted({ PORT: '', KAFKA_BROKERS: ' ', DATABASE_URL: '' }).configuration).toMatchObject({
      port: 3000,
      kafka: null,
      databaseUrl: undefined,
    });
  });

  it('reads Kafka, roles and proxies', () => {
    const { configuration } = accepted({
      KAFKA_BROKERS: 'a.example:9092, [::1]:9093',
      KAFKA_SSL: 'true',
      KAFKA_SASL_MECHANISM: 'scram-sha-512',
      KAFKA_SASL_USERNAME: 'relay',
      KAFKA_SASL_PASSWORD: 'secret',
      ROLES: 'relay',
      TRUSTED_PROXIES: '10.0.0.0/8,::1',
    });
    expect(configuration.kafka).toEqual({
      brokers: ['a.example:9092', '[::1]:9093'],
      ssl: true,
      sasl: { mechanism: 'scram-sha-512', username: 'relay', password: 'secret' },
    });
    expect(configuration.roles).toEqual(new Set(['relay']));
    expect(configuration.trustedProxies).toEqual(['10.0.0.0/8', '::1']);
  });
});
