import { Inject, Module, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import type pg from 'pg';
import { ClientDirectory } from '../../application/directory/client-directory.js';
import { DEFAULT_REALM, RealmRegistry } from '../../application/realms/realm-registry.js';
import { ClientUsage } from '../../application/usage/client-usage.js';
import { Clock } from '../../platform/clock.js';
import type { Configuration } from '../../platform/config/configuration.js';
import { CONFIGURATION } from '../../platform/config/configuration.token.js';
import { MasterKey } from '../../platform/crypto/master-key.js';
import { POOL } from '../../platform/database/pool.js';
import { AuthorizationMetrics } from './authorization-metrics.js';
import { authorizationRoutes } from './http/authorization-routes.js';
import { InteractionPages } from './interactions/interaction-pages.js';
import { RealmServers } from './realm-servers.js';
import { ExpiredRows } from './storage/expired-rows.js';
import { KeyRings } from './storage/key-rings.js';
import { RealmKeys } from './storage/realm-keys.js';
import { Users } from './storage/users.js';

/** Needs of the application: the client directory, the realms, the master key, the pool and the configuration. */
@Module({
  providers: [
    ExpiredRows,
    AuthorizationMetrics,
    {
      provide: RealmServers,
      inject: [POOL, MasterKey, ClientDirectory, RealmRegistry, Clock, AuthorizationMetrics, ClientUsage],
      useFactory: (
        pool: pg.Pool,
        masterKey: MasterKey,
        directory: ClientDirectory,
        realms: RealmRegistry,
        clock: Clock,
        metrics: AuthorizationMetrics,
        usage: ClientUsage,
      ) =>
        new RealmServers({
          pool,
          directory,
          realms,
          keys: new KeyRings(new RealmKeys(pool, masterKey, clock)),
          fetch: refuseToFetch,
          metrics,
          usage,
        }),
    },
    {
      provide: InteractionPages,
      inject: [POOL, CONFIGURATION, ClientDirectory, AuthorizationMetrics],
      useFactory: (
        pool: pg.Pool,
        configuration: Configuration,
        directory: ClientDirectory,
        metrics: AuthorizationMetrics,
      ) => new InteractionPages(directory, new Users(pool), configuration.mode, metrics),
    },
  ],
})
export class AuthorizationModule implements OnModuleInit {
  constructor(
    private readonly host: HttpAdapterHost,
    @Inject(RealmServers) private readonly servers: RealmServers,
    @Inject(InteractionPages) private readonly pages: InteractionPages,
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
    @Inject(AuthorizationMetrics) private readonly metrics: AuthorizationMetrics,
  ) {}

  /**
   * Mounts the endpoints beside Nest's own, which Fastify accepts until it listens. Registered, not awaited: awaiting makes
   * Fastify settle every route there is, before Nest has set its error handler.
   */
  onModuleInit(): void {
    const fastify = this.host.httpAdapter.getInstance<FastifyInstance>();
    void fastify.register(authorizationRoutes, {
      serverOf: () => this.servers.of(DEFAULT_REALM),
      pages: this.pages,
      host: new URL(this.configuration.publicUrl).host,
      metrics: this.metrics,
    });
  }
}

/** Keys by reference (`jwks_uri`) need a fetcher that no address inside can be reached with; without one nothing is fetched. */
async function refuseToFetch(): Promise<never> {
  throw new Error('this server does not fetch jwks_uri');
}
