import { Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { TypeOrmModule, type TypeOrmModuleOptions } from '@nestjs/typeorm';
import pg from 'pg';
import { DataSource } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import type { Logger } from 'pino';
import type { Configuration } from '../config/configuration.js';
import { CONFIGURATION } from '../config/configuration.token.js';
import { LOGGER } from '../telemetry/logger.js';
import { Metrics } from '../telemetry/metrics.js';
import { ReadinessRegistry } from '../telemetry/readiness.js';
import { samplePool } from './pool-metrics.js';
import { createPool, numericBigints, POOL } from './pool.js';

/** Hot paths: at most one batch of appends and a few shared lookups are in flight per instance. */
const HOT_PATH_CONNECTIONS = 10;
/** Entities, lists and reports. */
const TYPEORM_CONNECTIONS = 4;
const STATEMENT_TIMEOUT_MS = 10_000;

/** The database: `POOL` for hot paths, TypeORM for entities. Both are closed after the HTTP server. */
@Global()
@Module({
  imports: [
    TypeOrmModule.forRootAsync({
      inject: [CONFIGURATION, LOGGER],
      useFactory: (configuration: Configuration, logger: Logger): TypeOrmModuleOptions => ({
        type: 'postgres',
        url: requireDatabaseUrl(configuration),
        applicationName: 'clientele:typeorm',
        autoLoadEntities: true,
        synchronize: false,
        installExtensions: false,
        logging: false,
        retryAttempts: 1,
        poolSize: TYPEORM_CONNECTIONS,
        poolErrorHandler: (error: Error) => logger.warn({ err: error }, 'an idle database connection broke'),
        extra: { keepAlive: true, statement_timeout: STATEMENT_TIMEOUT_MS, types: numericBigints },
      }),
    }),
  ],
  providers: [
    {
      provide: POOL,
      inject: [CONFIGURATION, LOGGER],
      useFactory: (configuration: Configuration, logger: Logger) =>
        createPool(requireDatabaseUrl(configuration), {
          applicationName: 'clientele',
          size: HOT_PATH_CONNECTIONS,
          statementTimeout: STATEMENT_TIMEOUT_MS,
          onIdleError: (error) => logger.warn({ err: error }, 'an idle database connection broke'),
        }),
    },
  ],
  exports: [POOL],
})
export class DatabaseModule implements OnApplicationShutdown {
  constructor(
    @Inject(POOL) private readonly pool: pg.Pool,
    @Inject(DataSource) typeorm: DataSource,
    @Inject(Metrics) metrics: Metrics,
    readiness: ReadinessRegistry,
  ) {
    metrics.sample(() => {
      samplePool(metrics, 'hot_path', pool);
      // Declared any: it is the pg.Pool that TypeORM made.
      samplePool(metrics, 'typeorm', (typeorm.driver as PostgresDriver).master as pg.Pool);
    });
    readiness.register({
      name: 'database',
      required: true,
      check: async () => {
        await pool.query('select 1');
        return { ready: true };
      },
    });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.pool.end();
  }
}

function requireDatabaseUrl({ databaseUrl }: Configuration): string {
  if (databaseUrl === undefined)
    throw new Error('no database: start the embedded one before the application');
  return databaseUrl;
}
