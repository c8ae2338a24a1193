import type { FastifyRequest } from 'fastify';

const LONGEST_USER_AGENT = 512;

/**
 * Where a request came from. Fastify's `ip` believes X-Forwarded-For only from the configured proxies.
 *
 * @returns the shape that the use cases take as RequestOrigin
 */
export function requestOrigin(request: FastifyRequest) {
  const { 'user-agent': userAgent } = request.headers;
  return {
    ip: request.ip,
    userAgent: userAgent?.slice(0, LONGEST_USER_AGENT) ?? null,
    correlationId: request.id,
    traceparent: request.traceparent,
  };
}
