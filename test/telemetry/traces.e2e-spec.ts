import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest';
import type { AnyEvent } from '../../src/contract/events/index.js';
import { topics } from '../../src/platform/kafka/topics.js';
import { createLogger } from '../../src/platform/telemetry/logger.js';
import { startTracing, type StartedTracing } from '../../src/platform/telemetry/tracing/start-tracing.js';
import { consume } from '../support/kafka-records.js';
import { postForm } from '../support/oauth-browser.js';
import { startOtlpCollector, type CollectedSpan, type OtlpCollector } from '../support/otlp-collector.js';
import { aDeniedClient, aLoopbackClient } from '../support/registrations.js';
import { startTestService, type TestService } from '../support/service.js';

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const CALLER = `00-${TRACE_ID}-b7ad6b7169203331-01`;
const patiently = { timeout: 20_000, interval: 20 };

let collector: OtlpCollector;
let started: StartedTracing;
let service: TestService;
beforeAll(async () => {
  collector = await startOtlpCollector();
  // The SDK reads its own variables from the process.
  vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', collector.url);
  vi.stubEnv('OTEL_EXPORTER_OTLP_HEADERS', 'x-tenant=platform');
  vi.stubEnv('OTEL_RESOURCE_ATTRIBUTES', 'deployment.environment.name=test');
  vi.stubEnv('OTEL_BSP_SCHEDULE_DELAY', '50');
  const logger = createLogger('silent', { write: () => undefined });
  started = await startTracing(process.env, logger);
  service = await startTestService(
    { kafka: { brokers: inject('kafkaBrokers').split(','), ssl: false, sasl: null } },
    undefined,
    { tracing: started.tracing },
  );
});
afterAll(async () => {
  await service.stop();
  await started.stop();
  await collector.close();
  vi.unstubAllEnvs();
});

const spansOf = (traceId: string) => collector.spans.filter((span) => span.traceId === traceId);

async function collected(traceId: string, ...names: string[]): Promise<CollectedSpan[]> {
  return vi.waitFor(() => {
    const spans = names.map((name) => spansOf(traceId).find((span) => span.name === name));
    expect(spans).not.toContain(undefined);
    return spans as CollectedSpan[];
  }, patiently);
}

async function storedEvent(correlationId: string): Promise<AnyEvent> {
  const { rows } = await service.database.pool.query<{ body: Buffer }>(
    `select body from events where convert_from(body, 'UTF8')::json->>'correlation_id' = $1`,
    [correlationId],
  );
  return JSON.parse(rows[0]!.body.toString('utf8')) as AnyEvent;
}

test('a registration is one trace from the request to Kafka, below the span that called', async () => {
  const answer = await service.register(aLoopbackClient({ client_name: 'Canary client' }), {
    traceparent: CALLER,
    'X-Request-Id': 'trace-of-a-registration',
  });
  expect(answer.status).toBe(201);
  const { client_id } = (await answer.json()) as { client_id: string };

  const [request, decision, append, relay] = (await collected(
    TRACE_ID,
    'POST /register',
    'policy decision',
    'append',
    'relay clientele.events.v1',
  )) as [CollectedSpan, CollectedSpan, CollectedSpan, CollectedSpan];
  expect(request).toMatchObject({
    kind: 2,
    parentSpanId: 'b7ad6b7169203331',
    status: 0,
    attributes: {
      'http.request.method': 'POST',
      'http.route': '/register',
      'http.response.status_code': 201,
      'clientele.correlation_id': 'trace-of-a-registration',
    },
    resource: {
      'service.name': 'clientele',
      'service.version': expect.any(String),
      'service.instance.id': expect.any(String),
      'deployment.environment.name': 'test',
    },
  });
  const event = await storedEvent('trace-of-a-registration');
  expect(decision).toMatchObject({
    parentSpanId: request.spanId,
    attributes: {
      'clientele.policy.outcome': 'allow',
      'clientele.policy.rule': 'none',
      'clientele.policy.bundle_digest': event.policy!.bundle_digest,
      'clientele.decision_id': event.policy!.decision_id,
    },
  });
  expect(append).toMatchObject({
    kind: 3,
    parentSpanId: request.spanId,
    attributes: { 'db.operation.batch.size': 1, 'clientele.position': expect.any(Number) },
  });
  expect(relay.parentSpanId).toBe(request.spanId);
  for (const span of [decision, append]) {
    expect(span.start).toBeGreaterThanOrEqual(request.start);
    expect(span.end).toBeLessThanOrEqual(request.end);
  }
  expect(decision.end).toBeLessThanOrEqual(append.start);

  const own = `00-${TRACE_ID}-${request.spanId}-01`;
  expect(event.traceparent).toBe(own);
  const record = (
    await consume(inject('kafkaBrokers'), topics.events.name, (all) =>
      all.some(({ headers }) => headers['ce_id'] === event.event_id),
    )
  ).find(({ headers }) => headers['ce_id'] === event.event_id);
  expect(record?.headers).toMatchObject({ ce_traceparent: own, traceparent: own });

  const send = collector.spans.find((span) => span.spanId === relay.links[0]?.spanId);
  expect(send).toMatchObject({
    name: 'send clientele.events.v1',
    kind: 4,
    parentSpanId: '',
    attributes: { 'messaging.system': 'kafka', 'messaging.batch.message_count': expect.any(Number) },
  });
  expect(send?.links).toContainEqual({ traceId: TRACE_ID, spanId: request.spanId });

  const told = JSON.stringify(spansOf(TRACE_ID), (_, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  );
  expect(told).not.toContain('Canary');
  expect(told).not.toContain(client_id);
  expect(collector.headers[0]).toMatchObject({
    'content-type': 'application/x-protobuf',
    'x-tenant': 'platform',
  });
});

test('a request without a trace begins one, and a denial says by which rule', async () => {
  await service.register(aDeniedClient(), { 'X-Request-Id': 'trace-of-a-denial' });
  const { traceparent } = await storedEvent('trace-of-a-denial');
  const [, traceId, spanId] = traceparent!.split('-') as [string, string, string];
  const [request, decision] = (await collected(traceId, 'POST /register', 'policy decision')) as [
    CollectedSpan,
    CollectedSpan,
  ];
  expect(request).toMatchObject({ spanId, parentSpanId: '', status: 0 });
  expect(request.attributes['http.response.status_code']).toBe(400);
  expect(decision.attributes).toMatchObject({
    'clientele.policy.outcome': 'deny',
    'clientele.policy.rule': 'redirect_hosts',
  });
});

test('token, authorization and admin requests have spans, probes and scrapes have none', async () => {
  const traceparent = (digit: string) => `00-${digit.repeat(32)}-b7ad6b7169203331-01`;
  const as = (digit: string) => ({ headers: { traceparent: traceparent(digit) } });
  await postForm(`${service.url}/token`, { grant_type: 'client_credentials' }, as('1').headers);
  await service.request('/authorize?client_id=nobody', as('2'));
  await service.request('/admin/v1/clients', as('3'));
  await service.request('/register/c_nobody', as('4'));
  await service.request('/health/ready', as('5'));
  await service.request('/metrics', as('6'));
  await service.request('/nowhere', as('7'));
  const names = ['POST /token', 'GET /authorize', 'GET /admin/v1/clients', 'GET /register/:client_id'];
  for (const [index, name] of names.entries()) {
    const [span] = await collected(String(index + 1).repeat(32), name);
    expect(span!.attributes['http.response.status_code']).toBeGreaterThanOrEqual(400);
  }
  await collected('7'.repeat(32), 'GET');
  expect(spansOf('5'.repeat(32))).toEqual([]);
  expect(spansOf('6'.repeat(32))).toEqual([]);
});

test('a caller who does not record its trace is followed in that, and named in the event all the same', async () => {
  const traceId = 'e'.repeat(32);
  await service.register(aLoopbackClient(), {
    traceparent: `00-${traceId}-b7ad6b7169203331-00`,
    'X-Request-Id': 'trace-not-recorded',
  });
  const { traceparent } = await storedEvent('trace-not-recorded');
  expect(traceparent).toMatch(new RegExp(`^00-${traceId}-(?!b7ad6b7169203331)[0-9a-f]{16}-00$`));
  await service.register(aLoopbackClient(), { traceparent: `00-${'d'.repeat(32)}-b7ad6b7169203331-01` });
  await collected('d'.repeat(32), 'POST /register');
  expect(spansOf(traceId)).toEqual([]);
});
