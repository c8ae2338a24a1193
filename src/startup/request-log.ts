import { type FastifyReply, type FastifyRequest, LogController } from 'fastify';
import type { FastifyServerOptions } from 'fastify';
import type { Logger } from 'pino';

/** Requests are told by metrics; the log has those that went wrong, and all of them at level debug. */
class RequestLog extends LogController {
  override incomingRequest(): void {}

  override requestCompleted(
    error: Error | null | undefined,
    request: FastifyRequest,
    reply: FastifyReply,
  ): void {
    const route = request.routeOptions.url;
    const answered = {
      method: request.method,
      route,
      status: reply.statusCode,
      milliseconds: reply.elapsedTime,
    };
    if (error) request.log.error({ ...answered, err: error }, 'the answer broke off');
    else request.log.debug(answered, 'answered');
  }

  override defaultErrorLog(error: Error, request: FastifyRequest, reply: FastifyReply): void {
    if (reply.statusCode >= 500) request.log.error({ err: error }, 'the request failed');
  }

  override routeNotFound(): void {}
}

/**
 * Fastify's options for logging. A request has its own logger, `request.log`, which adds `correlation_id`; of Fastify
 * itself only warnings are kept, because the start tells where it listens.
 */
export function requestLogging(logger: Logger) {
  const ownLevel = logger.levels.values[logger.level] ?? Number.POSITIVE_INFINITY;
  const level = ownLevel < (logger.levels.values['warn'] ?? 0) ? 'warn' : logger.level;
  return {
    loggerInstance: logger.child({}, { level }),
    childLoggerFactory: (_, bindings) => logger.child(bindings),
    logController: new RequestLog({ requestIdLogLabel: 'correlation_id' }),
  } satisfies FastifyServerOptions;
}
