import { HttpException } from '@nestjs/common';
import { Problem } from './problem.js';
import { Unavailable } from '../unavailable.js';

/** An error as it may be shown: what a client can act on, and nothing from inside. */
export interface ErrorAnswer {
  readonly status: number;
  /** Stable, ASCII: the `error` of OAuth bodies and the `type` of problem details. */
  readonly error: string;
  readonly description: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Further public members of the body. */
  readonly more: Readonly<Record<string, unknown>>;
}

const answers: Readonly<Record<number, readonly [error: string, description: string]>> = {
  400: ['invalid_request', 'the request is malformed'],
  401: ['invalid_token', 'authentication is needed'],
  403: ['access_denied', 'this is not allowed'],
  404: ['not_found', 'there is nothing at this address'],
  405: ['method_not_allowed', 'this address does not answer this method'],
  408: ['request_timeout', 'the request took too long to arrive'],
  409: ['conflict', 'the request does not fit what is there'],
  413: ['payload_too_large', 'the body is larger than this address accepts'],
  414: ['uri_too_long', 'the address is too long'],
  415: ['unsupported_media_type', 'the body must be sent as application/json'],
  429: ['too_many_requests', 'too many requests; try again later'],
  500: ['server_error', 'something went wrong here; it was logged with the correlation id'],
  503: ['temporarily_unavailable', 'the service cannot answer now; try again'],
};

/** SQLSTATEs of text that PostgreSQL cannot hold, e.g. with a NUL: the request's fault. */
const untranslatable = new Set(['22021', '22P05']);

/** SQLSTATE classes and socket errors that mean: the database is not there or too slow, rather than wrong. */
const databaseGone = /^(08|53|57P|57014|55P03|ECONN|ENOTFOUND|EPIPE|ETIMEDOUT)/;

/**
 * Maps anything that was thrown while answering a request.
 *
 * @param error as thrown: a Nest or Fastify error, an `Unavailable`, a database error, or a defect
 */
export function errorAnswer(error: unknown): ErrorAnswer {
  if (error instanceof Unavailable && untranslatable.has(codeOf(error.cause))) return answer(400);
  if (error instanceof Unavailable) return answer(503, { 'Retry-After': String(error.retryAfterSeconds) });
  if (untranslatable.has(codeOf(error))) return answer(400);
  if (isDatabaseGone(error)) return answer(503, { 'Retry-After': '2' });
  if (error instanceof Problem) {
    return {
      status: error.getStatus(),
      error: error.code,
      description: error.detail,
      headers: {},
      more: error.more,
    };
  }
  const status = statusOf(error);
  return status === 503 ? answer(status, { 'Retry-After': '2' }) : answer(status);
}

function answer(status: number, headers: Readonly<Record<string, string>> = {}): ErrorAnswer {
  const [error, description] = answers[status] ?? answers[status < 500 ? 400 : 500]!;
  return { status, error, description, headers, more: {} };
}

function statusOf(error: unknown): number {
  if (error instanceof HttpException) return error.getStatus();
  const { statusCode } = (error ?? {}) as { statusCode?: unknown };
  return typeof statusCode === 'number' && statusCode >= 400 && statusCode < 600 ? statusCode : 500;
}

function isDatabaseGone(error: unknown): boolean {
  if (databaseGone.test(codeOf(error))) return true;
  const { message } = (error ?? {}) as { message?: unknown };
  return (
    typeof message === 'string' &&
    /^(Connection terminated|timeout exceeded when trying to connect|Query read timeout)/.test(message)
  );
}

/** SQLSTATE or socket error code; TypeORM keeps the driver's error inside its own. */
function codeOf(error: unknown): string {
  const { code, driverError } = (error ?? {}) as { code?: unknown; driverError?: { code?: unknown } };
  const found = code ?? driverError?.code;
  return typeof found === 'string' ? found : '';
}
