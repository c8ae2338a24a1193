import type { FastifyReply, FastifyRequest } from 'fastify';
import { isLoopbackHost } from '../platform/config/mode.js';

/**
 * Refuses requests that name another host than this machine, in development. A web page on a host name that its owner
 * points at 127.0.0.1 (DNS rebinding) could otherwise use the development sign-in as if it were ours; the browser tells
 * the name in `Host`.
 *
 * @param publicUrl whose host is accepted as well
 * @returns a Fastify `onRequest` hook
 */
export function createHostCheck(publicUrl: string) {
  const ours = new URL(publicUrl).hostname;
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const named = hostname(request.headers.host);
    if (named !== undefined && (named === ours || isLoopbackHost(named))) return;
    await reply
      .code(421)
      .header('Cache-Control', 'no-store')
      .send({
        error: 'invalid_request',
        error_description: `This development server answers only as ${publicUrl}; set PUBLIC_URL to serve another host`,
      });
  };
}

/** The host of a `Host` header as URL writes it; undefined for one that is missing or malformed. */
function hostname(header: string | undefined): string | undefined {
  if (header === undefined || /[/@?#\\\s]/.test(header)) return undefined;
  try {
    return new URL(`http://${header}`).hostname;
  } catch {
    return undefined;
  }
}
