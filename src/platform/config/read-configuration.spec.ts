import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
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
      expect.stringMatching(/^DATABASE_URL is missing/),
      expect.stringMatching(/^MASTER_KEY \(or MASTER_KEY_FILE\) is missing/),
      expect.stringMatching(/^ADMIN_TOKEN is missing/),
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

  it('refuses a short admin token', () => {
    expect(refused({ ...production, ADMIN_TOKEN: 'short' })).toEqual([
      expect.stringMatching(/at least 32 characters/),
    ]);
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
  it('comes from a file', () => {
    const file = path.join(directory, 'key');
    writeFileSync(file, `${Buffer.alloc(40, 3).toString('base64')}\n`);
    expect(accepted({ MASTER_KEY_FILE: file }).configuration.masterKey).toEqual(Buffer.alloc(40, 3));
  });

  it('is refused when it is short, unreadable or given twice', () => {
    expect(refused({ MASTER_KEY: Buffer.alloc(31).toString('base64') })).toEqual([
      expect.stringMatching(/^MASTER_KEY must be at least 32 bytes/),
    ]);
    expect(refused({ MASTER_KEY_FILE: path.join(directory, 'none') })).toEqual([
      expect.stringMatching(/^MASTER_KEY_FILE cannot be read/),
    ]);
    expect(
      refused({ MASTER_KEY: production.MASTER_KEY, MASTER_KEY_FILE: path.join(directory, 'none') }),
    ).toContainEqual(expect.stringMatching(/^MASTER_KEY_FILE is set beside MASTER_KEY/));
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
