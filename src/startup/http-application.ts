import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { Configuration } from '../platform/config/configuration.js';
import { errorAnswer } from '../platform/http/error-answer.js';
import { oauthErrorBody } from '../platform/http/error-bodies.js';
import { HttpErrorFilter } from '../platform/http/http-error.filter.js';
import { receiveJson } from '../platform/http/received-json.js';
import { traceRequests } from '../platform/http/request-traces.js';
import { Metrics } from '../platform/telemetry/metrics.js';
import { NestLogger } from '../platform/telemetry/nest-logger.js';
import { TRACING, type Tracing } from '../platform/telemetry/tracing/tracing.js';
import { createHostCheck } from './host-check.js';
import { requestLogging } from './request-log.js';

const BODY_LIMIT_BYTES = 64 * 1024;
/** A client_id that is a URL has to fit into a path. */
const LONGEST_PATH_PARAMETER = 2048;
/** For a whole request to arrive. */
const REQUEST_TIMEOUT_MS = 30_000;
const CORRELATION_ID = /^[\w.-]{8,128}$/;

/**
 * Makes the Nest application on Fastify with what every route shares: limits, correlation id, traces, metrics, and in
 * development the check of `Host`. The caller initialises or listens.
 *
 * @param module the root module, `AppModule.register(…)`
 */
export async function createHttpApplication(
  module: DynamicModule,
  configuration: Configuration,
  logger: Logger,
): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    ...requestLogging(logger),
    genReqId: correlationId,
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    routerOptions: { maxParamLength: LONGEST_PATH_PARAMETER },
    frameworkErrors: answerUnreadableRequest,
    trustProxy: configuration.trustedProxies.length > 0 ? [...configuration.trustedProxies] : false,
  });
  const application = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    logger: new NestLogger(logger),
    bufferLogs: true,
    bodyParser: false,
    abortOnError: false,
  });
  const fastify = adapter.getInstance<FastifyInstance>();
  nameRequests(fastify);
  traceRequests(fastify, application.get<Tracing>(TRACING));
  receiveJson(fastify);
  application.useGlobalFilters(application.get(HttpErrorFilter));
  if (configuration.mode === 'development')
    fastify.addHook('onRequest', createHostCheck(configuration.publicUrl));
  countRequests(fastify, application.get(Metrics));
  return application;
}

/** A path that cannot be decoded reaches no route and no filter; it gets the same answer as any malformed request. */
function answerUnreadableRequest(error: Error, request: FastifyRequest, reply: FastifyReply): void {
  const answer = errorAnswer(error);
  const { contentType, body } = oauthErrorBody(answer);
  void reply
    .code(answer.status)
    .headers({ 'Cache-Control': 'no-store', Pragma: 'no-cache', 'X-Request-Id': request.id })
    .type(contentType)
    .send(body);
}

/** The caller's `X-Request-Id` when it is one, otherwise a new one: it is in every log line and in the events. */
function correlationId(request: { headers: IncomingMessage['headers'] }): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && CORRELATION_ID.test(given) ? given : randomUUID();
}

function nameRequests(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', async (request, reply) => {
    reply.header('X-Request-Id', request.id);
  });
}

function countRequests(fastify: FastifyInstance, metrics: Metrics): void {
  fastify.addHook('onResponse', async (request, reply) => {
    // The pattern, never the path: a label with clients' ids in it would grow without end.
    const route = request.routeOptions.url ?? 'unmatched';
    const outcome = `${Math.floor(reply.statusCode / 100)}xx`;
    metrics.requests.inc({ method: request.method, route, outcome });
    metrics.requestDuration.observe({ route }, reply.elapsedTime / 1000);
  });
}
