import type { RealmState } from '../../../domain/realm/realm-state.js';
import { words } from '../client/client-permissions.js';
import { admissionOf } from '../client/provider-metadata.js';
import { defaultResource } from '../client/resources.js';
import { effectiveScopes } from '../client/scopes.js';
import {
  checkDpopReplay,
  errors,
  type Provider,
  type TokenEndpointGrantContext,
  validateDpop,
} from './oidc-provider.js';
import { requireResource, resourceServerInfo } from './resource-server.js';

/**
 * RFC 6749 section 4.4, in place of oidc-provider's own: a request without scope or resource gets the defaults, and what
 * cannot be granted is left out. A token asked for with a DPoP proof is bound to its key (RFC 9449 section 5).
 */
export function registerClientCredentialsGrant(provider: Provider, realm: RealmState): void {
  const { ClientCredentials, ResourceServer } = provider as unknown as TokenModels;
  provider.registerGrantType(
    'client_credentials',
    async (context) => {
      const { client, params } = context.oidc;
      const grantContext = context as unknown as TokenEndpointGrantContext;
      const proof = await validateDpop(provider, grantContext);
      const [resource, ...others] = [params.resource ?? defaultResource(realm)].flat();
      if (resource === undefined || others.length > 0) throw new errors.InvalidTarget('name one resource');
      const target = requireResource(realm, resource, client);
      const server = resourceServerInfo(target, client);
      const { permissions } = admissionOf(client);
      const scopes = effectiveScopes({
        requested: words(params.scope),
        registered: permissions.registeredScopes,
        defaults: realm.default_scopes,
        available: words(server.scope),
        ceiling: permissions.scopeCeiling,
      });
      if (scopes === 'invalid_scope') {
        throw new errors.InvalidScope('none of the requested scopes can be granted', params.scope ?? '');
      }
      const token = new ClientCredentials({
        client,
        scope: scopes.join(' ') || undefined,
        resourceServer: new ResourceServer(target.identifier, server),
      });
      if (proof) {
        await checkDpopReplay(provider, grantContext, proof, client.clientId, errors.InvalidDpopProof);
        token.setThumbprint('jkt', proof.thumbprint);
      }
      context.oidc.entity('ClientCredentials', token);
      context.body = {
        access_token: await token.save(),
        expires_in: token.expiration,
        token_type: token.tokenType,
        ...(token.scope !== undefined && { scope: token.scope }),
      };
    },
    ['scope', 'resource', 'authorization_details'],
    ['resource'],
  );
}

/** The part of oidc-provider's models that its type package does not describe. */
interface TokenModels {
  readonly ClientCredentials: new (content: object) => {
    readonly scope?: string;
    readonly expiration: number;
    readonly tokenType: string;
    setThumbprint(kind: 'jkt', thumbprint: string): void;
    save(): Promise<string>;
  };
  readonly ResourceServer: new (identifier: string, info: object) => object;
}
