import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { AuthorizationMetrics } from '../authorization-metrics.js';
import type { InteractionPages } from '../interactions/interaction-pages.js';
import { sendPage } from '../interactions/interaction-pages.js';
import { messagePage } from '../pages/message-pages.js';
import { PATHS } from '../provider/offered.js';
import type { RealmServer } from '../realm-server.js';
import { canonicalRequest } from './canonical-request.js';
import { authenticationFault, describeFault } from './client-authentication.js';
import { allowAnyOrigin, answerPreflight } from './cors.js';
import { oauthErrorOf, sendOAuthError } from './oauth-error.js';
import { keepLog } from './request-logs.js';
import { tokenInspection, tokenRequest } from './token-requests.js';

/** oidc-provider reads no more; a form beyond it is refused before it is read. */
const FORM_BYTES = 56 * 1024;

/** Longer than any request of a real client has parameters. */
const FORM_PARAMETERS = 100;

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;

export interface AuthorizationRoutesOptions {
  /** The server of the realm that a request is for. */
  readonly serverOf: (request: FastifyRequest) => Promise<RealmServer>;
  readonly pages: InteractionPages;
  /** What pages call the server when the realm cannot be asked, e.g. `localhost:3000`. */
  readonly host: string;
  readonly metrics: AuthorizationMetrics;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    reader?: 'person' | 'client';
  }
}

interface Endpoint {
  readonly method: 'GET' | 'POST';
  /** Who reads the answer when something fails. */
  readonly reader: 'person' | 'client';
  /** Whether scripts of other origins may call it. */
  readonly cors: boolean;
  readonly handle: (server: RealmServer, request: FastifyRequest, reply: FastifyReply) => unknown;
}

/**
 * The authorization server's endpoints, as a Fastify plugin with parsers of its own: forms are flat, bounded and read once,
 * and whatever goes wrong before oidc-provider is reached is answered as OAuth JSON.
 */
export async function authorizationRoutes(
  fastify: FastifyInstance,
  options: AuthorizationRoutesOptions,
): Promise<void> {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'buffer', bodyLimit: FORM_BYTES },
    async (_request: FastifyRequest, body: Buffer) => new URLSearchParams(body.toString('utf8')),
  );
  fastify.setErrorHandler<Error & { statusCode?: number }>((error, request, reply) => {
    const answer = oauthErrorOf(error);
    if (answer.status >= 500) request.log.error({ err: error }, 'the authorization server failed');
    if (request.routeOptions.config.reader === 'person') {
      const page = messagePage(answer.status >= 500 ? 'failed' : 'malformed', options.host);
      // An outage is no defect, for a browser or a monitor either.
      return sendPage(
        reply.headers({ ...answer.headers }),
        answer.status === 503 ? { ...page, status: 503 } : page,
      );
    }
    return sendOAuthError(reply, answer);
  });

  for (const [path, endpoint] of Object.entries(endpoints(options))) {
    fastify.route({
      method: endpoint.method,
      url: path,
      config: { reader: endpoint.reader },
      ...(endpoint.cors && { onRequest: allowAnyOrigin }),
      handler: async (request, reply) => endpoint.handle(await options.serverOf(request), request, reply),
    });
    const allow = [endpoint.method, ...(endpoint.cors ? ['OPTIONS'] : [])];
    fastify.route({
      method: METHODS.filter((method) => method !== endpoint.method),
      url: path,
      // Before the body is looked at: its type does not matter where the method is wrong.
      onRequest: async (request, reply) => {
        if (endpoint.cors && request.method === 'OPTIONS') return answerPreflight(reply, [endpoint.method]);
        if (endpoint.cors) await allowAnyOrigin(request, reply);
        void reply.header('allow', allow.join(', '));
        return sendOAuthError(reply, {
          status: 405,
          error: 'method_not_allowed',
          description: `this address answers ${allow.join(', ')}`,
        });
      },
      handler: () => undefined,
    });
  }
}

function endpoints({ pages, metrics }: AuthorizationRoutesOptions): Readonly<Record<string, Endpoint>> {
  const metadata: Endpoint = {
    method: 'GET',
    reader: 'client',
    cors: true,
    handle: (server, _, reply) => publish(reply, server.metadata),
  };
  const authorization: Endpoint = { method: 'GET', reader: 'person', cors: false, handle: authorize };
  const step = (method: 'GET' | 'POST', take: 'show' | 'signIn' | 'decide' | 'switchUser'): Endpoint => ({
    method,
    reader: 'person',
    cors: false,
    handle: (server, request, reply) => pages[take]({ server, request, reply }),
  });
  return {
    '/.well-known/oauth-authorization-server': metadata,
    '/.well-known/openid-configuration': metadata,
    [PATHS.jwks]: {
      method: 'GET',
      reader: 'client',
      cors: true,
      handle: (server, _, reply) => publish(reply, server.keys),
    },
    [PATHS.authorization]: authorization,
    [`${PATHS.authorization}/:uid`]: authorization,
    [PATHS.token]: clientEndpoint(tokenRequest, (grant, error) => metrics.tokenAnswered(grant, error)),
    [PATHS.revocation]: clientEndpoint(tokenInspection),
    [PATHS.introspection]: clientEndpoint(tokenInspection),
    [PATHS.pushed_authorization_request]: clientEndpoint(({ issuer }, request, form) =>
      canonicalRequest(request, issuer, form),
    ),
    [`${PATHS.interaction}/:uid`]: step('GET', 'show'),
    [`${PATHS.interaction}/:uid/sign-in`]: step('POST', 'signIn'),
    [`${PATHS.interaction}/:uid/consent`]: step('POST', 'decide'),
    [`${PATHS.interaction}/:uid/switch-user`]: step('POST', 'switchUser'),
  };
}

/** Public, and the same for everybody for a moment. */
function publish(reply: FastifyReply, document: object): FastifyReply {
  return reply.header('cache-control', 'public, max-age=60').send(document);
}

function authorize(
  server: RealmServer,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply | undefined {
  const query = new URL(request.raw.url ?? '/', server.issuer).searchParams;
  if (isUnreadable(query)) {
    const { host } = server.issuer;
    return sendPage(reply, messagePage('malformed', host, 'invalid_request: a parameter contains U+0000'));
  }
  return handOver(server, canonicalRequest(request.raw, server.issuer), reply);
}

/**
 * An endpoint where clients authenticate.
 *
 * @param onRefused told what oidc-provider never hears of
 */
function clientEndpoint(
  prepare: (
    server: RealmServer,
    request: IncomingMessage,
    form: URLSearchParams,
  ) => IncomingMessage | Promise<IncomingMessage>,
  onRefused: (grant: unknown, error: string) => void = () => undefined,
): Endpoint {
  return {
    method: 'POST',
    reader: 'client',
    cors: true,
    handle: async (server, request, reply) => {
      const form = request.body instanceof URLSearchParams ? request.body : new URLSearchParams();
      const grant = form.get('grant_type');
      if (isUnreadable(form)) {
        onRefused(grant, UNREADABLE.error);
        return sendOAuthError(reply, { status: 400, ...UNREADABLE });
      }
      const { authorization } = request.headers;
      const fault = authenticationFault(authorization, form);
      if (fault) {
        onRefused(grant, 'invalid_client');
        if (authorization !== undefined)
          void reply.header('www-authenticate', `Basic realm="${server.realm.issuer}"`);
        return sendOAuthError(reply, {
          status: 401,
          error: 'invalid_client',
          description: describeFault(fault),
        });
      }
      return handOver(server, await prepare(server, request.raw, form), reply);
    },
  };
}

const UNREADABLE = { error: 'invalid_request', description: 'too many parameters, or one contains U+0000' };

/** PostgreSQL cannot store U+0000, and nobody needs it. */
function isUnreadable(parameters: URLSearchParams): boolean {
  return parameters.size > FORM_PARAMETERS || [...parameters].some((pair) => pair.join('').includes('\0'));
}

/** Lets oidc-provider answer. */
function handOver(server: RealmServer, request: IncomingMessage, reply: FastifyReply): undefined {
  reply.hijack();
  keepLog(reply);
  for (const [name, value] of Object.entries(reply.getHeaders())) reply.raw.setHeader(name, value ?? '');
  void server.answer(request, reply.raw);
  return undefined;
}
