import type { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { RealmState } from '../../../domain/realm/realm-state.js';
import { errorAnswer } from '../../../platform/http/error-answer.js';
import { oauthErrorBody } from '../../../platform/http/error-bodies.js';
import { replaceClientBehaviour } from './client-behaviour.js';
import { registerClientCredentialsGrant } from './client-credentials-grant.js';
import { type KoaContextWithOIDC, Provider } from './oidc-provider.js';
import { type ProviderParts, providerConfiguration } from './provider-configuration.js';

export interface ProviderListeners {
  /** Told what went wrong inside; the client only learns that something did. */
  readonly onServerError: (error: Error, response: ServerResponse) => void;
  /** Takes over the answer of an authorization request that has to wait for a person. */
  readonly onInteraction: (context: KoaContextWithOIDC) => Promise<void> | void;
  /** Told of every answer of the token endpoint; without an error a token was issued. */
  readonly onTokenAnswer: (grant: unknown, error: unknown) => void;
  /** Told to whom a code or a token was issued; the answer goes out when it is done. */
  readonly onIssued: (clientId: string) => Promise<void>;
}

/**
 * oidc-provider for one version of a realm. It believes `X-Forwarded-Proto` and `Host`, so it must only be called with
 * requests that `canonicalRequest` made.
 */
export function createProvider(
  realm: RealmState,
  parts: ProviderParts,
  listeners: ProviderListeners,
): Provider {
  const provider = new Provider(realm.issuer, providerConfiguration(realm, parts));
  provider.proxy = true;
  replaceClientBehaviour(provider);
  registerClientCredentialsGrant(provider, realm);
  provider.on('server_error', (context, error) => {
    listeners.onServerError(error, context.res);
    // An outage is no defect, and says when to come back (C-45).
    const answer = errorAnswer(error);
    context.status = answer.status;
    context.set(answer.headers);
    if (isErrorBody(context.body)) context.body = oauthErrorBody(answer).body;
  });
  (provider as EventEmitter).on('error', (error: Error, context?: KoaContextWithOIDC) => {
    if (context) listeners.onServerError(error, context.res);
  });
  provider.use(async (context, next) => {
    await next();
    const answer = context as unknown as KoaContextWithOIDC;
    tidyBody(answer.body);
    if (answer.oidc?.route === 'token') {
      listeners.onTokenAnswer(answer.oidc.body?.['grant_type'], errorOf(answer.body));
    }
    const recipient = recipientOf(answer);
    if (recipient !== undefined) await listeners.onIssued(recipient);
    if (answer.oidc?.entities.Interaction && answer.status === 303) await listeners.onInteraction(answer);
  });
  return provider;
}

/** The client that this answer gives an authorization code or a token to. */
function recipientOf({ oidc, body }: KoaContextWithOIDC): string | undefined {
  const issued =
    oidc?.route === 'token'
      ? errorOf(body) === undefined && body !== undefined
      : oidc?.entities.AuthorizationCode !== undefined;
  return issued ? oidc?.client?.clientId : undefined;
}

function errorOf(body: unknown): unknown {
  return isErrorBody(body) ? body.error : undefined;
}

function isErrorBody(body: unknown): body is { readonly error: unknown } {
  return typeof body === 'object' && body !== null && 'error' in body;
}

/** A scope that is empty says less than none (RFC 6749 section 3.3). */
function tidyBody(body: unknown): void {
  if (typeof body === 'object' && body !== null && 'scope' in body && body.scope === '') delete body.scope;
}
