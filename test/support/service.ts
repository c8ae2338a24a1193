import { createServer, type AddressInfo } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { pino, type Logger } from 'pino';
import { AppModule } from '../../src/app.module.js';
import { FirstStart } from '../../src/application/first-start/first-start.js';
import type { Configuration } from '../../src/platform/config/configuration.js';
import type { Tracing } from '../../src/platform/telemetry/tracing/tracing.js';
import { createHttpApplication } from '../../src/startup/http-application.js';
import { createTestDatabase, type TestDatabase } from './postgres.js';

/** The whole service in this process, on a database of its own and a free port. */
export interface TestService {
  readonly url: string;
  readonly database: TestDatabase;
  readonly application: NestFastifyApplication;
  readonly configuration: Configuration;
  /** Requests a path of the service. */
  request(path: string, init?: RequestInit): Promise<Response>;
  /** Registers dynamically: POST /register with a JSON body. */
  register(body: unknown, headers?: Record<string, string>): Promise<Response>;
  /** Asks the admin API as the holder of ADMIN_TOKEN. */
  admin(method: string, path: string, body?: unknown): Promise<Response>;
  stop(): Promise<void>;
}

/**
 * Starts the service as `npm start` does, without the process around it, and with the rights on the database that it has in
 * production.
 *
 * @param overrides of the configuration
 * @param database to share with another instance; a fresh one unless given
 * @param observed where log lines and spans go; nowhere unless given
 */
export async function startTestService(
  overrides: Partial<Configuration> = {},
  database?: TestDatabase,
  observed: { readonly logger?: Logger; readonly tracing?: Tracing } = {},
): Promise<TestService> {
  const own = database ?? (await createTestDatabase());
  const port = overrides.port ?? (await freePort());
  const url = `http://localhost:${port}`;
  const configuration: Configuration = {
    mode: 'development',
    publicUrl: url,
    host: '127.0.0.1',
    port,
    databaseUrl: own.serviceUrl,
    migrationDatabaseUrl: undefined,
    databaseDirectUrl: undefined,
    dataDirectory: '.clientele',
    masterKey: Buffer.alloc(32, 7),
    kafka: null,
    roles: new Set(['api', 'relay'] as const),
    adminToken: 'admin-token-of-the-tests',
    policyDirectory: 'policies/bundle',
    trustedProxies: [],
    rateLimits: { address: null, sameRequest: null, shared: null, token: null, failures: null },
    registrationCapacity: null,
    logLevel: 'silent',
    ...overrides,
  };
  const logger = observed.logger ?? pino({ level: configuration.logLevel });
  const application = await createHttpApplication(
    AppModule.register(configuration, logger, observed.tracing),
    configuration,
    logger,
  );
  await application.init();
  await application.get(FirstStart).run();
  await application.listen(port, configuration.host);

  const request = (path: string, init?: RequestInit) =>
    fetch(`${url}${path}`, { redirect: 'manual', ...init });
  return {
    url,
    database: own,
    application,
    configuration,
    request,
    register: (body, headers = {}) =>
      request('/register', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    admin: (method, path, body) =>
      request(`/admin/v1${path}`, {
        method,
        headers: {
          Authorization: `Bearer ${configuration.adminToken}`,
          ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    async stop() {
      await application.close();
      if (!database) await own.drop();
    },
  };
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
