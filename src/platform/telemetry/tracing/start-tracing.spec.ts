import { performance } from 'node:perf_hooks';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { startOtlpCollector } from '../../../../test/support/otlp-collector.js';
import { createLogger } from '../logger.js';
import { startTracing, type StartedTracing } from './start-tracing.js';
import { noTracing } from './tracing.js';

interface Line {
  readonly level: string;
  readonly msg: string;
  readonly problem?: string;
}

const lines: Line[] = [];
const logger = createLogger('info', { write: (line) => void lines.push(JSON.parse(line) as Line) });

async function startedWith(environment: Record<string, string>): Promise<StartedTracing> {
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  return startTracing(process.env, logger);
}

const aSpan = { name: 'a', kind: 'internal', parent: null, seconds: 0.001 } as const;
const patiently = { timeout: 10_000, interval: 10 };

afterEach(() => {
  vi.unstubAllEnvs();
  lines.length = 0;
});

describe('tracing', () => {
  it.each([
    ['nothing is set', {}],
    ['the endpoint is empty', { OTEL_EXPORTER_OTLP_ENDPOINT: '' }],
    [
      'the exporter is none',
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1', OTEL_TRACES_EXPORTER: 'none' },
    ],
    ['the SDK is disabled', { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1', OTEL_SDK_DISABLED: 'true' }],
  ])('is off while %s', async (_, environment) => {
    const { tracing, stop } = await startedWith(environment);
    expect(tracing).toBe(noTracing);
    await stop();
    expect(lines).toEqual([]);
  });

  it('says which exporters there are', async () => {
    const { tracing } = await startedWith({ OTEL_TRACES_EXPORTER: 'zipkin' });
    expect(tracing.enabled).toBe(false);
    expect(lines).toMatchObject([
      {
        level: 'warn',
        OTEL_TRACES_EXPORTER: 'zipkin',
        msg: expect.stringContaining('use otlp, console or none'),
      },
    ]);
  });

  it('says what of the environment the SDK cannot use', async () => {
    const { stop } = await startedWith({
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1',
      OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
      OTEL_TRACES_SAMPLER: 'sometimes',
    });
    expect(lines).toMatchObject([
      { msg: 'traces are sent as http/protobuf' },
      {
        msg: 'tracing is not configured as the environment says',
        problem: expect.stringContaining('sometimes'),
      },
    ]);
    await stop();
  });

  it('sends what is left when it stops', async () => {
    const collector = await startOtlpCollector();
    const { tracing, stop } = await startedWith({
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${collector.url}/v1/traces`,
    });
    tracing.record(aSpan);
    await stop();
    expect(collector.spans).toMatchObject([{ name: 'a', resource: { 'service.name': 'clientele' } }]);
    await collector.close();
  });

  it('samples and names itself as the environment says', async () => {
    const collector = await startOtlpCollector();
    const { tracing, stop } = await startedWith({
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_TRACES_SAMPLER: 'parentbased_always_off',
      OTEL_SERVICE_NAME: 'admission',
    });
    tracing.record({ ...aSpan, name: 'not asked for' });
    tracing.record({ ...aSpan, name: 'recorded above', parent: `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01` });
    await stop();
    expect(collector.spans).toMatchObject([
      { name: 'recorded above', traceId: '1'.repeat(32), resource: { 'service.name': 'admission' } },
    ]);
    await collector.close();
  });

  it('says once a minute that a collector refuses, and waits for nothing', async () => {
    const collector = await startOtlpCollector(400);
    const { tracing, stop } = await startedWith({
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_BSP_SCHEDULE_DELAY: '5',
    });
    for (let requests = 0; requests < 4; requests += 1) {
      tracing.record(aSpan);
      await vi.waitFor(() => expect(collector.headers.length).toBe(requests + 1), patiently);
    }
    await stop();
    expect(lines).toMatchObject([
      {
        level: 'warn',
        msg: 'traces are being lost',
        problem: expect.stringContaining('1 spans were not accepted'),
      },
    ]);
    await collector.close();
  });

  it('ends within seconds when no collector answers', async () => {
    const { tracing, stop } = await startedWith({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' });
    tracing.record(aSpan);
    const begun = performance.now();
    await stop();
    expect(performance.now() - begun).toBeLessThan(4_000);
  });
});
