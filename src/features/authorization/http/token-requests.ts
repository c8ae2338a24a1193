import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { words } from '../client/client-permissions.js';
import { canonicalResource } from '../client/resources.js';
import { NO_SCOPE } from '../provider/settle-authorization-request.js';
import type { RealmServer } from '../realm-server.js';
import { presentAccessToken } from '../storage/access-token-adapter.js';
import { looksLikeJwt } from '../tokens/access-token.js';
import { canonicalRequest } from './canonical-request.js';

/**
 * A token request as oidc-provider gets it: resources in the registered spelling, and, at a refresh, without scopes that
 * this realm does not have. Clients repeat what they first asked for, not what they were given.
 */
export function tokenRequest(
  server: RealmServer,
  request: IncomingMessage,
  form: URLSearchParams,
): IncomingMessage {
  const { realm, issuer } = server;
  const resources = form.getAll('resource').map((resource) => canonicalResource(realm, resource));
  form.delete('resource');
  for (const resource of resources) form.append('resource', resource);

  if (form.get('grant_type') === 'refresh_token' && form.getAll('scope').length === 1) {
    const known = new Set([...realm.scopes, ...realm.resources.flatMap((resource) => resource.scopes)]);
    known.delete(NO_SCOPE);
    const scope = words(form.get('scope')!).filter((value) => known.has(value));
    if (scope.length > 0) form.set('scope', scope.join(' '));
    else form.delete('scope');
  }
  return canonicalRequest(request, issuer, form);
}

/**
 * An introspection or revocation request as oidc-provider gets it. It refuses JWTs there, so a JWT is verified here and
 * replaced by a handle under which the adapter finds it; one that is not a live token of ours is found by nobody.
 */
export async function tokenInspection(
  server: RealmServer,
  request: IncomingMessage,
  form: URLSearchParams,
): Promise<IncomingMessage> {
  const token = form.get('token') ?? '';
  if (!looksLikeJwt(token)) return canonicalRequest(request, server.issuer, form);
  const claims = await server.verifyAccessToken(token);
  const handle = randomBytes(24).toString('base64url');
  form.set('token', handle);
  const canonical = canonicalRequest(request, server.issuer, form);
  if (claims) presentAccessToken(canonical, handle, claims);
  return canonical;
}
