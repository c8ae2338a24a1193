import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { serviceVersion } from '../../platform/telemetry/build-info.js';
import { Metrics } from '../../platform/telemetry/metrics.js';
import { ReadinessRegistry } from '../../platform/telemetry/readiness.js';

/** What this process is, and whether it is ready: asked anew at every scrape, like /health/ready. */
@Injectable()
export class StandingMetrics implements OnModuleInit {
  constructor(
    @Inject(ReadinessRegistry) private readonly readiness: ReadinessRegistry,
    @Inject(Metrics) private readonly metrics: Metrics,
  ) {}

  onModuleInit(): void {
    this.metrics.buildInfo.set({ version: serviceVersion, node: process.version }, 1);
    this.metrics.sample(async () => {
      const { ready, checks } = await this.readiness.report();
      this.metrics.ready.set(Number(ready));
      for (const [check, result] of Object.entries(checks)) {
        this.metrics.checkReady.set({ check }, Number(result.ready));
      }
    });
  }
}
