import { createHash, randomBytes } from 'node:crypto';
import { Global, Module } from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import type pg from 'pg';
import { ClientDirectory } from '../../src/application/directory/client-directory.js';
import { PostgresClientDirectory } from '../../src/application/directory/postgres-client-directory.js';
import { ClientUsage } from '../../src/application/usage/client-usage.js';
import { PostgresRealmRegistry } from '../../src/application/realms/postgres-realm-registry.js';
import { DEFAULT_REALM, RealmRegistry } from '../../src/application/realms/realm-registry.js';
import { streams } from '../../src/contract/streams.js';
import type { ClientState } from '../../src/domain/client/client-state.js';
import { clientManagement } from '../../src/domain/realm/client-management.js';
import type { RealmState } from '../../src/domain/realm/realm-state.js';
import { AuthorizationModule } from '../../src/features/authorization/authorization.module.js';
import { Clock } from '../../src/platform/clock.js';
import { CONFIGURATION } from '../../src/platform/config/configuration.token.js';
import { MasterKey } from '../../src/platform/crypto/master-key.js';
import { createPool, POOL } from '../../src/platform/database/pool.js';
import { Metrics } from '../../src/platform/telemetry/metrics.js';
import { createTestDatabase } from './postgres.js';

/** The authorization server alone, on a database of its own: what registration would write, tests write themselves. */
export interface OAuthServer {
  /** The issuer. */
  readonly url: string;
  readonly pool: pg.Pool;
  /** A registered client; whatever is not said is the plain public client. */
  putClient(changes?: ClientChanges): Promise<TestClient>;
  /** Changes the directory row of a client, as an operator or the client itself would. */
  changeClient(clientId: string, changes: Partial<ClientState>): Promise<void>;
  configureRealm(changes: Partial<RealmState>): Promise<void>;
  close(): Promise<void>;
}

export interface ClientChanges {
  readonly metadata?: Record<string, unknown>;
  readonly state?: Partial<ClientState>;
}

export interface TestClient {
  readonly client_id: string;
  /** Works for clients registered with a secret method. */
  readonly client_secret: string;
  readonly redirect_uri: string;
}

/** Boots Nest with the module on an ephemeral port. */
export async function startOAuthServer(
  mode: 'development' | 'production' = 'development',
): Promise<OAuthServer> {
  const database = await createTestDatabase();
  // With the rights that the service has in production; what a test prepares, it writes as the owner.
  const pool = createPool(database.serviceUrl);

  @Global()
  @Module({
    providers: [
      { provide: POOL, useValue: pool },
      {
        provide: CONFIGURATION,
        useValue: { mode, publicUrl: 'http://localhost' },
      },
      Metrics,
      { provide: MasterKey, useValue: new MasterKey(randomBytes(32)) },
      { provide: ClientDirectory, useValue: new PostgresClientDirectory(pool) },
      Clock,
      { provide: RealmRegistry, useValue: new PostgresRealmRegistry(pool) },
      { provide: ClientUsage, useValue: { used: async () => undefined } },
    ],
    exports: [Metrics, POOL, CONFIGURATION, MasterKey, ClientDirectory, RealmRegistry, Clock, ClientUsage],
  })
  class Surroundings {}

  const testing = await Test.createTestingModule({ imports: [Surroundings, AuthorizationModule] }).compile();
  const app = testing.createNestApplication<NestFastifyApplication>(new FastifyAdapter(), { logger: false });
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as { port: number };
  const url = `http://localhost:${port}`;
  const rows = new Rows(database.pool);
  await rows.realm({ ...plainRealm, issuer: url });
  let realm: RealmState = { ...plainRealm, issuer: url };

  return {
    url,
    pool: database.pool,
    async putClient(changes = {}) {
      const secret = `cs_${randomBytes(32).toString('base64url')}`;
      const state = plainClient(secret, changes);
      await rows.client(state);
      return {
        client_id: state.client_id,
        client_secret: secret,
        redirect_uri: state.metadata.members.redirect_uris[0] ?? '',
      };
    },
    changeClient: (clientId, changes) => rows.changeClient(clientId, changes),
    async configureRealm(changes) {
      realm = { ...realm, ...changes };
      await rows.realm(realm);
      app.get(RealmRegistry).forget(DEFAULT_REALM);
    },
    async close() {
      await app.close();
      await pool.end();
      await database.drop();
    },
  };
}

/** An MCP server that the test realm knows, and its default. */
export const RESOURCE = 'https://mcp.example/api';

const plainRealm: Omit<RealmState, 'issuer'> = {
  name: DEFAULT_REALM,
  registration: 'open',
  profile: 'default',
  scopes: ['mcp:tools', 'mcp:admin', 'offline_access'],
  default_scopes: ['mcp:tools'],
  resources: [
    {
      identifier: RESOURCE,
      name: 'Example MCP server',
      scopes: ['mcp:tools', 'mcp:admin'],
      token_format: 'jwt',
      token_lifetime: 300,
    },
  ],
  default_resource: RESOURCE,
  unknown_resources: 'loopback',
  software_statements: { issuers: [], required: false },
  client_management: clientManagement({}),
  lifetimes: { access_token: 300, refresh_token: 86_400, grant: 43_200 },
  configured_at: '2026-11-01T00:00:00.000Z',
};

function plainClient(secret: string, { metadata, state }: ClientChanges): ClientState {
  const now = new Date().toISOString();
  const members = {
    redirect_uris: ['https://app.example/callback'],
    token_endpoint_auth_method: 'none',
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    application_type: 'web' as const,
    scope: 'mcp:tools',
    client_name: 'Test client',
    ...metadata,
  };
  const digest = createHash('sha256').update(secret).digest('base64url');
  return {
    realm: DEFAULT_REALM,
    client_id: `c_${randomBytes(12).toString('base64url')}`,
    channel: 'dynamic',
    status: 'active',
    holds: [],
    metadata: { members, custom: {} },
    secrets: members.token_endpoint_auth_method.startsWith('client_secret')
      ? [{ id: 'first', alg: 'sha256', digest, created_at: now, expires_at: null }]
      : [],
    registration_access_token: null,
    constraints: null,
    initial_access_token: null,
    obligations: {},
    reviews: [],
    warnings: [],
    pending_change: null,
    decision: null,
    created_at: now,
    updated_at: now,
    expires_at: null,
    ...state,
  };
}

/** Writes projected rows the way the append does. */
class Rows {
  private version = 0;

  constructor(private readonly pool: pg.Pool) {}

  async realm(state: RealmState): Promise<void> {
    await this.write('realms', streams.realm(state.name), { name: state.name }, state);
  }

  async client(state: ClientState): Promise<void> {
    const columns = {
      realm: state.realm,
      client_id: state.client_id,
      status: state.status,
      suspended: state.holds.length > 0,
      channel: state.channel,
      waiting: state.status === 'pending',
      created_at: state.created_at,
    };
    await this.write('client_directory', streams.client(state.realm, state.client_id), columns, state);
  }

  async changeClient(clientId: string, changes: Partial<ClientState>): Promise<void> {
    const { rows } = await this.pool.query<{ record: ClientState }>(
      'select record from client_directory where client_id = $1',
      [clientId],
    );
    await this.client({ ...rows[0]!.record, ...changes });
  }

  private async write(table: string, stream: string, columns: object, record: object): Promise<void> {
    this.version += 1;
    const row = { stream, version: this.version, hash: `hash-${this.version}`, ...columns, record };
    const names = Object.keys(row);
    await this.pool.query(
      `insert into ${table} (${names.join(', ')})
       select ${names.join(', ')} from json_populate_record(null::${table}, $1)
       on conflict (stream) do update set ${names.map((name) => `${name} = excluded.${name}`).join(', ')}`,
      [JSON.stringify(row)],
    );
  }
}
