import { Controller, Get, Header, HttpCode, HttpStatus, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Metrics } from '../../platform/telemetry/metrics.js';
import { ReadinessRegistry, type ReadinessReport } from '../../platform/telemetry/readiness.js';

/** Probes of the platform that runs us, and Prometheus. */
@Controller()
export class HealthController {
  constructor(
    @Inject(ReadinessRegistry) private readonly readiness: ReadinessRegistry,
    @Inject(Metrics) private readonly metrics: Metrics,
  ) {}

  /** The process answers; nothing else is asked, so that a database outage does not restart every instance. */
  @Get('/health/live')
  @HttpCode(HttpStatus.OK)
  @Header('Cache-Control', 'no-store')
  live(): { status: string } {
    return { status: 'live' };
  }

  /** 200 when everything required works, otherwise 503 with the names of what does not. */
  @Get('/health/ready')
  @Header('Cache-Control', 'no-store')
  async ready(
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<{ status: string } & ReadinessReport> {
    const report = await this.readiness.report();
    if (!report.ready) reply.code(HttpStatus.SERVICE_UNAVAILABLE);
    return { status: report.ready ? 'ready' : 'not ready', ...report };
  }

  /** Prometheus text exposition format. */
  @Get('/metrics')
  async exposition(@Res() reply: FastifyReply): Promise<void> {
    await reply
      .header('Content-Type', this.metrics.registry.contentType)
      .send(await this.metrics.exposition());
  }
}
