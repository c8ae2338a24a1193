import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { decodeJwt } from 'jose';
import type { FailedAuthentications } from '../../application/rate-limits/failed-authentications.js';

/** Whose credentials a request presents, by the pattern of its route; null = none that could be guessed. */
const guarded: Readonly<Record<string, (request: FastifyRequest) => string | null>> = {
  '/register': presentedToken,
  '/register/protected': presentedToken,
  '/register/:client_id': (request) => (request.params as { client_id: string }).client_id,
  '/token': presentedClient,
  '/introspect': presentedClient,
  '/revoke': presentedClient,
  '/par': presentedClient,
};

/** Who was told to wait never had credentials looked at: nothing to count. */
const turnedAway = new WeakSet<FastifyRequest>();

/**
 * Counts answers that say 401, and answers 429 without looking at credentials where there were too many. The
 * admin API has a way of its own, because an operator is never limited together with strangers.
 */
export function guardCredentials(fastify: FastifyInstance, failures: FailedAuthentications): void {
  fastify.addHook('preHandler', async (request, reply) => {
    const subject = subjectOf(request);
    if (subject === null) return undefined;
    const seconds = failures.retryAfter(request.ip, subject);
    if (seconds === 0) return undefined;
    turnedAway.add(request);
    return refuse(reply, seconds);
  });
  fastify.addHook('onResponse', async (request, reply) => {
    if (reply.statusCode !== 401 || turnedAway.has(request)) return;
    const subject = subjectOf(request);
    if (subject !== null) failures.count(request.ip, subject);
  });
}

function subjectOf(request: FastifyRequest): string | null {
  if (request.method === 'OPTIONS') return null;
  return guarded[request.routeOptions.url ?? '']?.(request) ?? null;
}

/** `Bearer iat_` and the public id of an initial access token. */
const TOKEN_ID_LENGTH = 35;

/** Who registers without a credential has none to guess. */
function presentedToken({ headers }: FastifyRequest): string | null {
  return headers.authorization?.slice(0, TOKEN_ID_LENGTH) ?? null;
}

/**
 * The client_id as it is claimed: in the form, before the colon of a Basic header, or by an assertion. It names a bucket
 * and nothing else: whether it is well-formed is judged later.
 */
function presentedClient({ body, headers }: FastifyRequest): string {
  const form = body instanceof URLSearchParams ? body : new URLSearchParams();
  const claimed = form.get('client_id');
  if (claimed) return claimed;
  const basic = /^Basic +([A-Za-z0-9+/=]{1,4096})$/i.exec(headers.authorization ?? '')?.[1];
  if (basic !== undefined) return Buffer.from(basic, 'base64').toString('latin1').split(':', 1)[0]!;
  return subjectOfAssertion(form.get('client_assertion')) ?? 'unnamed';
}

function subjectOfAssertion(assertion: string | null): string | undefined {
  try {
    return assertion ? decodeJwt(assertion).sub : undefined;
  } catch {
    return undefined;
  }
}

/** RFC 6585 section 4, as every error of these endpoints. */
function refuse(reply: FastifyReply, seconds: number): FastifyReply {
  return reply
    .code(429)
    .headers({ 'Retry-After': String(seconds), 'Cache-Control': 'no-store', Pragma: 'no-cache' })
    .type('application/json')
    .send({
      error: 'too_many_requests',
      error_description: `too many failed authentications; try again in ${seconds} seconds`,
    });
}
