import { AUTHENTICATION_METHODS, RESPONSE_TYPES } from '../../../domain/realm/authorization-server.js';
import type { RealmState } from '../../../domain/realm/realm-state.js';
import { canonicalResource, defaultResource } from '../client/resources.js';
import { admissionOf } from '../client/provider-metadata.js';
import { assertAssertionClaims } from './assertion-claims.js';
import { APPROVAL, interactions } from './interactions.js';
import {
  ASSERTION_ALGORITHMS,
  DPOP_ALGORITHMS,
  PATHS,
  REQUEST_OBJECT_ALGORITHMS,
  SIGNING_ALGORITHM,
} from './offered.js';
import type { Client, Configuration } from './oidc-provider.js';
import { assertRequestObject } from './request-objects.js';
import { requireResource, resourceServerInfo } from './resource-server.js';
import { settleAuthorizationRequest } from './settle-authorization-request.js';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** What differs between deployments and tests. */
export interface ProviderParts {
  readonly adapter: NonNullable<Configuration['adapter']>;
  readonly signingKeys: NonNullable<Configuration['jwks']>['keys'];
  readonly cookieKeys: readonly string[];
  readonly renderError: NonNullable<Configuration['renderError']>;
  /** Fetches a client's `jwks_uri` at use time; must guard against server-side request forgery. */
  readonly fetch: NonNullable<Configuration['fetch']>;
}

/** Asked only where a type is granted. */
const NO_AUTHORIZATION_DETAILS = {
  authorizationDetailsForGrantSource: () => undefined,
  authorizationDetailsForAccessToken: () => undefined,
  authorizationDetailsForIntrospection: () => undefined,
};

/** oidc-provider's configuration for a realm. Whatever is not said here is off. */
export function providerConfiguration(realm: RealmState, parts: ProviderParts): Configuration {
  const { pathname } = new URL(realm.issuer);
  const cookie = { httpOnly: true, sameSite: 'lax', signed: true } as const;
  return {
    adapter: parts.adapter,
    jwks: { keys: parts.signingKeys },
    fetch: parts.fetch,
    renderError: parts.renderError,

    scopes: ['openid', 'offline_access'],
    responseTypes: [...RESPONSE_TYPES],
    clientAuthMethods: [...AUTHENTICATION_METHODS],
    enabledJWA: {
      clientAuthSigningAlgValues: [...ASSERTION_ALGORITHMS],
      idTokenSigningAlgValues: [SIGNING_ALGORITHM],
      requestObjectSigningAlgValues: [...REQUEST_OBJECT_ALGORITHMS],
      userinfoSigningAlgValues: [],
      introspectionSigningAlgValues: [],
      authorizationSigningAlgValues: [],
      dPoPSigningAlgValues: [...DPOP_ALGORITHMS],
    },
    clientDefaults: { id_token_signed_response_alg: SIGNING_ALGORITHM },
    extraClientMetadata: { properties: ['admission'], validator: () => undefined },
    assertJwtClientAuthClaimsAndHeader: (_context, claims, header) =>
      assertAssertionClaims(realm.issuer, claims, header),
    pkce: { required: () => true },
    clientBasedCORS: () => true,

    routes: PATHS,
    cookies: {
      keys: [...parts.cookieKeys],
      names: {
        session: `clientele_${realm.name}_session`,
        interaction: `clientele_${realm.name}_interaction`,
        resume: `clientele_${realm.name}_resume`,
      },
      long: { ...cookie, path: pathname },
      short: cookie,
    },
    interactions: {
      policy: interactions(),
      url: (_context, interaction) => `${withoutSlash(pathname)}${PATHS.interaction}/${interaction.uid}`,
    },
    extraParams: { scope: settleAuthorizationRequest(realm) },

    findAccount: (_context, sub) => ({ accountId: sub, claims: () => ({ sub }) }),
    extraTokenClaims: (_context, token) =>
      'grantId' in token && token.grantId !== undefined ? { grant_id: token.grantId } : undefined,
    issueRefreshToken: (_context, client) => client.grantTypeAllowed('refresh_token'),
    rotateRefreshToken: () => true,
    expiresWithSession: () => false,

    ttl: {
      AccessToken: (_context, token) => token.resourceServer?.accessTokenTTL ?? realm.lifetimes.access_token,
      ClientCredentials: (_context, token) =>
        token.resourceServer?.accessTokenTTL ?? realm.lifetimes.access_token,
      AuthorizationCode: () => MINUTE,
      IdToken: () => 5 * MINUTE,
      RefreshToken: () => realm.lifetimes.refresh_token,
      Grant: () => realm.lifetimes.grant,
      Session: () => realm.lifetimes.grant,
      // A review may take days, and the request waits with it.
      Interaction: (_context, interaction) => (interaction.prompt.name === APPROVAL ? 7 * DAY : HOUR),
    },

    features: {
      clientCredentials: { enabled: true },
      pushedAuthorizationRequests: { enabled: true },
      introspection: { enabled: true, allowedPolicy: (_context, client, token) => isItsOwn(client, token) },
      revocation: {
        enabled: true,
        allowedPolicy: (_context, client, token) => token.clientId === client.clientId,
      },
      resourceIndicators: {
        enabled: true,
        defaultResource: (_context, _client, oneOf) => oneOf?.[0] ?? defaultResource(realm),
        useGrantedResource: () => true,
        getResourceServerInfo: (_context, identifier, client) =>
          resourceServerInfo(requireResource(realm, canonicalResource(realm, identifier), client), client),
      },
      devInteractions: { enabled: false },
      userinfo: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      dPoP: { enabled: true },
      // By value only: a request_uri of the web is never fetched.
      requestObjects: {
        enabled: true,
        assertJwtClaimsAndHeader: (_context, claims, header, client) =>
          assertRequestObject(claims, header, client.clientId),
      },
      // No type is known, so that every one is refused instead of being overlooked (RFC 9396 section 5).
      richAuthorizationRequests: { enabled: true, types: {}, ...NO_AUTHORIZATION_DETAILS },
    },
  };
}

/** Only the client a token was issued to may look at it, and only while it is active. */
function isItsOwn(client: Client, token: { readonly clientId?: string | undefined }): boolean {
  return token.clientId === client.clientId && admissionOf(client).permissions.standing === 'active';
}

function withoutSlash(path: string): string {
  return path.endsWith('/') ? path.slice(0, -1) : path;
}
