import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Metrics } from '../../platform/telemetry/metrics.js';
import { ReadinessRegistry } from '../../platform/telemetry/readiness.js';
import { TelemetryModule } from '../../platform/telemetry/telemetry.module.js';
import { HealthModule } from './health.module.js';

let application: NestFastifyApplication;
let readiness: ReadinessRegistry;

beforeEach(async () => {
  const module = await Test.createTestingModule({
    imports: [TelemetryModule.register(pino({ level: 'silent' })), HealthModule],
  }).compile();
  application = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter());
  await application.init();
  await application.getHttpAdapter().getInstance().ready();
  readiness = application.get(ReadinessRegistry);
});

afterEach(async () => {
  vi.useRealTimers();
  await application.close();
});

async function get(url: string): Promise<{ status: number; body: unknown }> {
  const response = await application.inject({ method: 'GET', url });
  return { status: response.statusCode, body: response.json() };
}

describe('/health/ready', () => {
  it('is 200 while everything required is ready', async () => {
    readiness.register({
      name: 'policy',
      required: true,
      check: async () => ({ ready: true, detail: 'revision 7' }),
    });
    expect(await get('/health/ready')).toEqual({
      status: 200,
      body: { status: 'ready', ready: true, checks: { policy: { ready: true, detail: 'revision 7' } } },
    });
  });

  it('is 503 with the name of what is not, and without what the error said', async () => {
    readiness.register({ name: 'policy', required: true, check: async () => ({ ready: true }) });
    readiness.register({
      name: 'database',
      required: true,
      check: () => Promise.reject(new Error('connect ECONNREFUSED db.internal:5432')),
    });
    const { status, body } = await get('/health/ready');
    expect(status).toBe(503);
    expect(body).toMatchObject({
      status: 'not ready',
      checks: { database: { ready: false, reason: 'failed' } },
    });
    expect(JSON.stringify(body)).not.toContain('internal');
  });

  it('is 200 while only something that is not required is down', async () => {
    readiness.register({
      name: 'kafka',
      required: false,
      check: async () => ({ ready: false, reason: 'no broker answers' }),
    });
    expect(await get('/health/ready')).toMatchObject({
      status: 200,
      body: { checks: { kafka: { ready: false, reason: 'no broker answers' } } },
    });
  });

  it('does not wait for a check that never answers', async () => {
    readiness.register({ name: 'database', required: true, check: () => new Promise(() => undefined) });
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    const report = readiness.report();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await report).toEqual({
      ready: false,
      checks: { database: { ready: false, reason: 'no answer' } },
    });
  });

  it('is 503 from the beginning of a shutdown on', async () => {
    readiness.drain();
    expect(await get('/health/ready')).toMatchObject({
      status: 503,
      body: { checks: { shutdown: { ready: false } } },
    });
  });

  it('has one check of a name', () => {
    const check = { name: 'database', required: true, check: async () => ({ ready: true }) as const };
    readiness.register(check);
    expect(() => readiness.register(check)).toThrow(/database/);
  });
});

describe('/health/live', () => {
  it('is 200 whatever is not ready', async () => {
    readiness.drain();
    expect(await get('/health/live')).toEqual({ status: 200, body: { status: 'live' } });
  });
});

describe('/metrics', () => {
  it('shows what was counted in the Prometheus text format', async () => {
    application.get(Metrics).decisions.inc({ outcome: 'deny', rule: 'redirect_hosts' });
    const response = await application.inject({ method: 'GET', url: '/metrics' });
    expect(response.headers['content-type']).toMatch(/^text\/plain/);
    expect(response.body).toContain(
      'clientele_policy_decisions_total{outcome="deny",rule="redirect_hosts"} 1',
    );
    expect(response.body).toContain('process_resident_memory_bytes');
  });
});
