import type { RealmState } from '../../../domain/realm/realm-state.js';
import { words } from '../client/client-permissions.js';
import { admissionOf } from '../client/provider-metadata.js';
import { effectiveScopes } from '../client/scopes.js';
import { type Client, errors, type KoaContextWithOIDC } from './oidc-provider.js';

/**
 * A scope that oidc-provider knows, that is never shown and never put into a token. A request for a resource without scopes
 * is granted this, because oidc-provider calls a grant without any scope a denial.
 */
export const NO_SCOPE = 'offline_access';

/**
 * Settles resource and scope of an authorization request after oidc-provider checked it, and before a person sees it: the
 * registered spelling of the resource, the default scope where none was asked for, and only what can be granted.
 *
 * @returns a validator for oidc-provider's `extraParams`, which is where it lets a server fill in defaults
 */
export function settleAuthorizationRequest(realm: RealmState) {
  return (context: KoaContextWithOIDC, requested: string | undefined, client: Client): void => {
    const { oidc } = context;
    const params = oidc.params!;
    const servers = oidc.resourceServers! as Record<string, { audience: string; scope: string }>;
    for (const [identifier, server] of Object.entries(servers)) {
      delete servers[identifier];
      servers[server.audience] = server;
    }
    const resources = Object.keys(servers);
    params['resource'] = resources.length === 1 ? resources[0] : resources;

    const { permissions } = admissionOf(client);
    const scopes = effectiveScopes({
      requested: words(requested),
      registered: permissions.registeredScopes,
      defaults: realm.default_scopes,
      available: [
        ...new Set(Object.values(servers).flatMap((server) => words(server.scope))),
        ...realm.scopes.filter((scope) => scope === 'openid'),
      ],
      ceiling: permissions.scopeCeiling,
    });
    if (scopes === 'invalid_scope') {
      throw new errors.InvalidScope('none of the requested scopes can be granted', requested ?? '');
    }
    params['scope'] = scopes.length > 0 ? scopes.join(' ') : NO_SCOPE;
  };
}
