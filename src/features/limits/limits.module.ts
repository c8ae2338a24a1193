import {
  Inject,
  Module,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnModuleInit,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { FailedAuthentications } from '../../application/rate-limits/failed-authentications.js';
import { ThrottledRegistrations } from '../../application/rate-limits/throttled-registrations.js';
import { LimitExchange } from '../../platform/rate-limits/limit-exchange.js';
import { LOGGER } from '../../platform/telemetry/logger.js';
import { guardCredentials } from './guard-credentials.js';
import { Recurring } from './recurring.js';

/** What rate limits do beside requests: instances tell each other, and the log learns what was turned away. */
@Module({})
export class LimitsModule implements OnModuleInit, OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly recurring: readonly Recurring[];

  constructor(
    private readonly host: HttpAdapterHost,
    private readonly failures: FailedAuthentications,
    private readonly throttled: ThrottledRegistrations,
    exchange: LimitExchange,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.recurring = [
      new Recurring(1_000, () => exchange.run(), {
        failed: (error) => logger.warn({ err: error }, 'rate limits hold for each instance alone'),
        recovered: () => logger.info('rate limits hold for all instances together again'),
      }),
      new Recurring(60_000, () => this.tell(), { failed: () => undefined, recovered: () => undefined }),
      new Recurring(60_000, () => exchange.forget(), { failed: () => undefined, recovered: () => undefined }),
    ];
  }

  onModuleInit(): void {
    const fastify = this.host.httpAdapter.getInstance<FastifyInstance>();
    guardCredentials(fastify, this.failures);
    // After the last request was answered, and while the database is still there.
    fastify.addHook('onClose', () => this.tell());
  }

  onApplicationBootstrap(): void {
    for (const work of this.recurring) work.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.recurring.map((work) => work.stop()));
  }

  private async tell(): Promise<void> {
    try {
      await this.throttled.flush();
    } catch (error) {
      this.logger.warn({ err: error }, 'what was throttled is not in the log yet');
    }
  }
}
