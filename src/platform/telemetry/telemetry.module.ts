import { Global, Module, type DynamicModule } from '@nestjs/common';
import type { Logger } from 'pino';
import { LOGGER } from './logger.js';
import { Metrics } from './metrics.js';
import { ReadinessRegistry } from './readiness.js';

/** Provides `LOGGER`, `Metrics` and `ReadinessRegistry` to every module. */
@Global()
@Module({})
export class TelemetryModule {
  static register(logger: Logger): DynamicModule {
    return {
      module: TelemetryModule,
      providers: [{ provide: LOGGER, useValue: logger }, Metrics, ReadinessRegistry],
      exports: [LOGGER, Metrics, ReadinessRegistry],
    };
  }
}
