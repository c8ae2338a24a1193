import type { ServerResponse } from 'node:http';
import type { FastifyBaseLogger, FastifyReply } from 'fastify';

/** The log of each request that oidc-provider answers: it knows the response, but not Fastify's request. */
const logs = new WeakMap<ServerResponse, FastifyBaseLogger>();

/** Keeps a request's log until its response is gone. */
export function keepLog(reply: FastifyReply): void {
  logs.set(reply.raw, reply.request.log);
}

/**
 * Logs what went wrong inside, under the request's correlation id and trace.
 *
 * @param response of a request whose log was kept
 */
export function logFailure(error: Error, response: ServerResponse): void {
  logs.get(response)?.error({ err: error }, 'the authorization server failed');
}
