import { Global, Module, type DynamicModule } from '@nestjs/common';
import type { Logger } from 'pino';
import { LOGGER } from './logger.js';
import { Metrics } from './metrics.js';
import { ReadinessRegistry } from './readiness.js';
import { noTracing, TRACING, type Tracing } from './tracing/tracing.js';

/** Provides `LOGGER`, `TRACING`, `Metrics` and `ReadinessRegistry` to every module. */
@Global()
@Module({})
export class TelemetryModule {
  static register(logger: Logger, tracing: Tracing = noTracing): DynamicModule {
    return {
      module: TelemetryModule,
      providers: [
        { provide: LOGGER, useValue: logger },
        { provide: TRACING, useValue: tracing },
        Metrics,
        ReadinessRegistry,
      ],
      exports: [LOGGER, TRACING, Metrics, ReadinessRegistry],
    };
  }
}
