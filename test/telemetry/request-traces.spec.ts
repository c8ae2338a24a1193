import fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { requestLogging } from '../../src/startup/request-log.js';
import { createLogger } from '../../src/platform/telemetry/logger.js';
import type {
  RunningSpan,
  SpanAttributes,
  SpanStart,
  Tracing,
} from '../../src/platform/telemetry/tracing/tracing.js';
import { noTracing } from '../../src/platform/telemetry/tracing/tracing.js';
import { requestOrigin } from '../../src/platform/http/request-origin.js';
import { traceRequests } from '../../src/platform/http/request-traces.js';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const RECEIVED = `00-${TRACE}-b7ad6b7169203331-01`;
const OWN = `00-${TRACE}-1111111111111111-01`;

/** Keeps what it is told. */
class RecordingTracing implements Tracing {
  readonly enabled = true;
  readonly spans: (SpanStart & { ended?: SpanAttributes; error?: string | undefined })[] = [];

  begin(start: SpanStart): RunningSpan {
    const span: RecordingTracing['spans'][number] = { ...start };
    this.spans.push(span);
    return {
      traceparent: OWN,
      end: (ended, error) => void Object.assign(span, { ended, error }),
    };
  }

  record(): string {
    return OWN;
  }
}

let application: FastifyInstance;
const lines: object[] = [];

function start(tracing: Tracing): void {
  const logger = createLogger('info', { write: (line) => void lines.push(JSON.parse(line) as object) });
  application = fastify(requestLogging(logger)) as unknown as FastifyInstance;
  traceRequests(application, tracing);
  application.get('/clients/:id', (request) => {
    request.log.error('something went wrong');
    return Promise.resolve({ traceparent: requestOrigin(request).traceparent });
  });
  application.get('/broken', (_, reply) => void reply.code(503).send());
  application.get('/metrics', () => 'none');
}

/** Over a socket: an injected request never finishes as far as its response tells. */
async function get(url: string, traceparent?: string): Promise<Response> {
  const origin = await application.listen({ port: 0, host: '127.0.0.1' });
  return fetch(`${origin}${url}`, { headers: traceparent === undefined ? {} : { traceparent } });
}

/** The span ends with the response's last byte, which the caller may have read already. */
const ended = ({ spans }: RecordingTracing) => vi.waitFor(() => expect(spans[0]).toHaveProperty('ended'));

beforeEach(() => {
  lines.length = 0;
});
afterEach(() => application.close());

describe('a request where nothing is traced', () => {
  beforeEach(() => start(noTracing));

  it('passes on what it received, and names the trace in its log lines', async () => {
    expect(await (await get('/clients/7', RECEIVED)).json()).toEqual({ traceparent: RECEIVED });
    expect(lines).toMatchObject([
      { msg: 'something went wrong', trace_id: TRACE, correlation_id: expect.any(String) },
    ]);
  });

  it('passes on nothing for a header that is no traceparent', async () => {
    expect(await (await get('/clients/7', `00-${'0'.repeat(32)}-b7ad6b7169203331-01`)).json()).toEqual({
      traceparent: null,
    });
    expect(lines[0]).not.toHaveProperty('trace_id');
  });
});

describe('a request where requests are traced', () => {
  let tracing: RecordingTracing;
  beforeEach(() => {
    tracing = new RecordingTracing();
    start(tracing);
  });

  it('has a span by the pattern of its route, below the one it received', async () => {
    expect(await (await get('/clients/7', RECEIVED)).json()).toEqual({ traceparent: OWN });
    await ended(tracing);
    expect(tracing.spans).toMatchObject([
      {
        name: 'GET /clients/:id',
        kind: 'server',
        parent: RECEIVED,
        attributes: { 'http.request.method': 'GET', 'http.route': '/clients/:id' },
        ended: { 'http.response.status_code': 200 },
        error: undefined,
      },
    ]);
    expect(JSON.stringify(tracing.spans)).not.toContain('/7');
  });

  it('ends it as an error from 500 on', async () => {
    await get('/broken');
    await ended(tracing);
    expect(tracing.spans).toMatchObject([
      { parent: null, ended: { 'http.response.status_code': 503 }, error: '503' },
    ]);
  });

  it('has none when Prometheus asks', async () => {
    await get('/metrics');
    expect(tracing.spans).toEqual([]);
  });
});
