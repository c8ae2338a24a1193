import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ClientDirectory } from '../../../application/directory/client-directory.js';
import type { Mode } from '../../../platform/config/configuration.js';
import type { AuthorizationMetrics } from '../authorization-metrics.js';
import { words } from '../client/client-permissions.js';
import { canonicalRequest } from '../http/canonical-request.js';
import { consentPage } from '../pages/consent-page.js';
import { messagePage } from '../pages/message-pages.js';
import type { Page } from '../pages/page.js';
import { signInPage } from '../pages/sign-in-page.js';
import { waitingPage } from '../pages/waiting-page.js';
import { APPROVAL } from '../provider/interactions.js';
import { PATHS } from '../provider/offered.js';
import { NO_SCOPE } from '../provider/settle-authorization-request.js';
import type { RealmServer } from '../realm-server.js';
import type { Users } from '../storage/users.js';
import { forgetUser } from './sessions.js';
import { findVisit, isPage, type Visit } from './visit.js';

/** Whoever signs in by name only, while there is no upstream to ask. */
const DEVELOPMENT = 'development';

/** Readable and short; PostgreSQL could not even store some of the rest. */
const USER_NAME = /^[^\p{C}]{1,64}$/u;

export interface InteractionRequest {
  readonly server: RealmServer;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** The steps a person takes between the authorization request and its answer. */
export class InteractionPages {
  constructor(
    private readonly directory: ClientDirectory,
    private readonly users: Users,
    private readonly mode: Mode,
    private readonly metrics: AuthorizationMetrics,
  ) {}

  /** Shows the step that is due, or goes on when none is. */
  async show(call: InteractionRequest): Promise<FastifyReply> {
    const visit = await this.visit(call);
    if (isPage(visit)) return sendPage(call.reply, visit);
    const pending = visit.permissions.standing === 'pending';
    if (wantsJson(call.request)) {
      return call.reply.header('cache-control', 'no-store').send({ status: pending ? 'pending' : 'ready' });
    }
    if (pending) return sendPage(call.reply, this.waiting(call, visit));
    if (visit.interaction.prompt.name === APPROVAL) return goOn(call, { [APPROVAL]: {} });
    if (visit.interaction.prompt.name === 'login')
      return sendPage(call.reply, this.signInForm(call, visit, null));
    return sendPage(call.reply, await this.consentForm(call, visit));
  }

  /** Takes the name of the development sign-in. */
  async signIn(call: InteractionRequest): Promise<FastifyReply> {
    const visit = await this.visit(call, 'login');
    if (isPage(visit)) return sendPage(call.reply, visit);
    const name = (formOf(call.request).get('name') ?? '').trim().normalize('NFC');
    if (this.mode !== 'development' || !USER_NAME.test(name)) {
      this.metrics.signedIn(DEVELOPMENT, 'refused');
      return sendPage(
        call.reply,
        this.signInForm(call, visit, 'Please type a name of at most 64 characters.'),
      );
    }
    const { server } = call;
    const sub = await this.users.subject(server.realm.name, DEVELOPMENT, name);
    await forgetUser(server.provider, raw(call), call.reply.raw, visit.interaction, sub);
    this.metrics.signedIn(DEVELOPMENT, 'succeeded');
    return goOn(call, { login: { accountId: sub } });
  }

  /** Takes the decision of the consent page. */
  async decide(call: InteractionRequest): Promise<FastifyReply> {
    const visit = await this.visit(call, 'consent');
    if (isPage(visit)) return sendPage(call.reply, visit);
    if (formOf(call.request).get('decision') !== 'allow') {
      this.metrics.consented('denied');
      return goOn(call, { error: 'access_denied', error_description: 'the user did not allow it' });
    }
    const { params, session } = visit.interaction;
    const { Grant } = call.server.provider;
    const grant = new Grant({ clientId: String(params['client_id']), accountId: session!.accountId });
    const scopes = [...words(String(params['scope']))];
    grant.addOIDCScope(scopes);
    for (const resource of [params['resource']].flat()) grant.addResourceScope(String(resource), scopes);
    const grantId = await grant.save();
    this.metrics.consented('allowed');
    return goOn(call, { consent: { grantId } });
  }

  /** Lets somebody else sign in. */
  async switchUser(call: InteractionRequest): Promise<FastifyReply> {
    const visit = await this.visit(call, 'consent');
    if (isPage(visit)) return sendPage(call.reply, visit);
    await forgetUser(call.server.provider, raw(call), call.reply.raw, visit.interaction);
    return goOn(call, {}, false);
  }

  /** @param prompt what a form answers; a form of an earlier step, sent again, ends the visit */
  private async visit(call: InteractionRequest, prompt?: string): Promise<Visit | Page> {
    const { server, request, reply } = call;
    const { host, origin } = server.issuer;
    if (request.method !== 'GET' && (request.headers.origin ?? origin) !== origin) {
      return messagePage('malformed', host);
    }
    const { uid } = request.params as { uid: string };
    const visit = await findVisit(server, this.directory, raw(call), reply.raw, uid);
    if (isPage(visit) || prompt === undefined) return visit;
    if (visit.permissions.standing === 'pending') return this.waiting(call, visit);
    const signedIn = visit.interaction.session !== undefined;
    const expected = visit.interaction.prompt.name === prompt && (signedIn || prompt === 'login');
    return expected ? visit : messagePage('expired', host);
  }

  private waiting({ server }: InteractionRequest, { interaction, who }: Visit): Page {
    return waitingPage({ server: server.issuer.host, who, continueAt: pathOf(server, interaction.uid) });
  }

  private signInForm({ server }: InteractionRequest, visit: Visit, problem: string | null): Page {
    if (this.mode !== 'development') return messagePage('no_sign_in', server.issuer.host);
    return signInPage({
      server: server.issuer.host,
      who: visit.who,
      action: `${pathOf(server, visit.interaction.uid)}/sign-in`,
      problem,
    });
  }

  private async consentForm({ server }: InteractionRequest, visit: Visit): Promise<Page> {
    const { params, session, uid } = visit.interaction;
    if (!session) return messagePage('expired', server.issuer.host);
    const { realm } = server;
    const resources = [params['resource']].flat().map(String);
    return consentPage({
      server: server.issuer.host,
      who: visit.who,
      userName: (await this.users.name(realm.name, session.accountId)) ?? session.accountId,
      scopes: words(String(params['scope'])).filter((scope) => scope !== NO_SCOPE),
      resources: resources.map((identifier) => ({
        identifier,
        name: realm.resources.find((resource) => resource.identifier === identifier)?.name ?? null,
      })),
      action: `${pathOf(server, uid)}/consent`,
      switchAction: `${pathOf(server, uid)}/switch-user`,
    });
  }
}

/** Sends a page of ours. */
export function sendPage(reply: FastifyReply, page: Page): FastifyReply {
  return reply
    .code(page.status)
    .headers({ ...page.headers })
    .send(page.body);
}

/** Records the outcome of a step and sends the browser back into oidc-provider's flow. */
async function goOn(call: InteractionRequest, result: object, merge = true): Promise<FastifyReply> {
  const { server, reply } = call;
  const next = await server.provider.interactionResult(
    raw(call),
    reply.raw,
    { ...result },
    {
      mergeWithLastSubmission: merge,
    },
  );
  return reply.header('cache-control', 'no-store').redirect(next, 303);
}

function raw({ server, request }: InteractionRequest) {
  return canonicalRequest(request.raw, server.issuer);
}

function formOf(request: FastifyRequest): URLSearchParams {
  return request.body instanceof URLSearchParams ? request.body : new URLSearchParams();
}

function pathOf({ issuer }: RealmServer, uid: string): string {
  return `${issuer.pathname === '/' ? '' : issuer.pathname}${PATHS.interaction}/${uid}`;
}

function wantsJson(request: FastifyRequest): boolean {
  return request.headers.accept?.split(',')[0]?.trim().startsWith('application/json') ?? false;
}
