import type { FastifyReply, FastifyRequest } from 'fastify';

const ALLOWED_HEADERS = 'authorization, content-type, dpop, mcp-protocol-version';
const PREFLIGHT_SECONDS = 3600;

/**
 * Lets scripts of any origin call an endpoint (P-06): tokens are asked for with credentials in the request, never with
 * cookies. Set on the raw response, so that every answer has it, errors and oidc-provider's own included.
 */
export async function allowAnyOrigin(_request: FastifyRequest, reply: FastifyReply): Promise<void> {
  reply.raw.setHeader('access-control-allow-origin', '*');
  reply.raw.setHeader('access-control-expose-headers', 'WWW-Authenticate');
}

/** Answers a preflight request. */
export function answerPreflight(reply: FastifyReply, methods: readonly string[]): FastifyReply {
  return reply
    .code(204)
    .header('access-control-allow-origin', '*')
    .header('access-control-allow-methods', methods.join(', '))
    .header('access-control-allow-headers', ALLOWED_HEADERS)
    .header('access-control-max-age', PREFLIGHT_SECONDS)
    .header('allow', [...methods, 'OPTIONS'].join(', '))
    .send();
}
