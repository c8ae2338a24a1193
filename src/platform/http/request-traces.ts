import type { FastifyInstance, FastifyRequest } from 'fastify';
import { parseTraceparent } from '../telemetry/tracing/traceparent.js';
import type { SpanAttributes, Tracing } from '../telemetry/tracing/tracing.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Of the request's own span, or as received where nothing is traced; null for neither. */
    traceparent: string | null;
  }
}

/** Asked every few seconds by machines: spans of them would bury all others. */
const unwatched: ReadonlySet<string | undefined> = new Set(['/health/live', '/health/ready', '/metrics']);

/**
 * Gives every request its place in a trace: a server span by OpenTelemetry's HTTP conventions where tracing is on, and
 * `trace_id` in its log lines where there is a trace. Addresses, agents and paths stay out of spans: a path may hold a
 * client's id, its pattern does not.
 */
export function traceRequests(fastify: FastifyInstance, tracing: Tracing): void {
  fastify.decorateRequest('traceparent', null);
  fastify.addHook('onRequest', (request, reply, done) => {
    request.traceparent = received(request);
    const route = request.routeOptions.url;
    if (tracing.enabled && !unwatched.has(route)) {
      const span = tracing.begin({
        name: route === undefined ? request.method : `${request.method} ${route}`,
        kind: 'server',
        parent: request.traceparent,
        attributes: describe(request, route),
      });
      request.traceparent = span.traceparent;
      // Comes after the last byte, and also when the client went away before.
      reply.raw.once('close', () => {
        const { statusCode, writableFinished } = reply.raw;
        const error = writableFinished ? failure(statusCode) : 'aborted';
        span.end({ 'http.response.status_code': statusCode }, error);
      });
    }
    const trace = parseTraceparent(request.traceparent);
    if (trace) request.log = request.log.child({ trace_id: trace.traceId });
    done();
  });
}

function received({ headers }: FastifyRequest): string | null {
  const { traceparent } = headers;
  return typeof traceparent === 'string' && parseTraceparent(traceparent) ? traceparent : null;
}

function describe(request: FastifyRequest, route: string | undefined): SpanAttributes {
  return {
    'http.request.method': request.method,
    'url.scheme': request.protocol,
    'network.protocol.version': request.raw.httpVersion,
    'clientele.correlation_id': request.id,
    ...(route !== undefined && { 'http.route': route }),
  };
}

/** By the conventions a server's 4xx is no error of the server. */
function failure(status: number): string | undefined {
  return status >= 500 ? String(status) : undefined;
}
