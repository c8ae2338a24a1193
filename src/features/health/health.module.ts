import { Module } from '@nestjs/common';
import { HealthController } from './health.controller.js';
import { StandingMetrics } from './standing-metrics.js';

/** Probes and metrics: what the platform that runs the service asks. */
@Module({ controllers: [HealthController], providers: [StandingMetrics] })
export class HealthModule {}
