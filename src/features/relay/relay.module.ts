import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { Module } from '@nestjs/common';
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { Clock } from '../../platform/clock.js';
import type { Configuration } from '../../platform/config/configuration.js';
import { CONFIGURATION } from '../../platform/config/configuration.token.js';
import { POOL } from '../../platform/database/pool.js';
import { EventReader } from '../../platform/event-log/event-reader.js';
import { KafkajsPublisher } from '../../platform/kafka/kafkajs-publisher.js';
import { LOGGER } from '../../platform/telemetry/logger.js';
import { Metrics } from '../../platform/telemetry/metrics.js';
import { TRACING, type Tracing } from '../../platform/telemetry/tracing/tracing.js';
import { countPublish, showLag } from './relay-metrics.js';
import { tracePublish } from './relay-traces.js';
import { RelayRunner } from './relay-runner.js';
import { Relay } from './relay.js';

/** Publishes the log to Kafka, where the role `relay` is among this process's roles and brokers are configured. */
@Module({
  providers: [
    {
      provide: Relay,
      inject: [CONFIGURATION, LOGGER, POOL, EventReader, Clock, Metrics, TRACING],
      useFactory: (
        configuration: Configuration,
        logger: Logger,
        pool: Pool,
        reader: EventReader,
        clock: Clock,
        metrics: Metrics,
        tracing: Tracing,
      ) =>
        new Relay({
          pool,
          reader,
          publisher:
            configuration.kafka && new KafkajsPublisher({ configuration: configuration.kafka, logger }),
          source: configuration.publicUrl,
          instanceId: `${hostname()}-${randomBytes(4).toString('hex')}`,
          logger,
          clock,
          onLag: (lag) => showLag(metrics, lag),
          onPublish: (request) => {
            countPublish(metrics, request);
            tracePublish(tracing, request);
          },
        }),
    },
    RelayRunner,
  ],
  exports: [Relay],
})
export class RelayModule {}
