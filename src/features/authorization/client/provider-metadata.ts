import { randomBytes } from 'node:crypto';
import type { Credential } from '../../../contract/credential.js';
import { liveCredentials } from '../../../domain/client/client-secrets.js';
import type { ClientState } from '../../../domain/client/client-state.js';
import { AUTHENTICATION_METHODS, GRANT_TYPES } from '../../../domain/realm/authorization-server.js';
import type { AllClientMetadata, Client } from '../provider/oidc-provider.js';
import { ASSERTION_ALGORITHMS } from '../provider/offered.js';
import type { ClientPermissions } from './client-permissions.js';

/** What our own code needs of a client once oidc-provider hands it back. */
export interface Admission {
  readonly permissions: ClientPermissions;
  /** Those that were live when the client was looked up. */
  readonly secrets: readonly Credential[];
  /** The client asked that every token be bound to a key, so that no token is issued without a DPoP proof. */
  readonly needsDpop: boolean;
}

/** The one member we add to oidc-provider's client metadata. */
export const ADMISSION = 'admission';

/**
 * oidc-provider wants to read a client secret; we have digests only. It gets this, which nobody knows, and the comparison
 * is replaced. Algorithms that would use it as a key are off (D-8).
 */
const PLACEHOLDER_SECRET = randomBytes(32).toString('base64url');

/** What oidc-provider acts on as it was registered, under the same name. */
const PASSED_ON = [
  'default_max_age',
  'dpop_bound_access_tokens',
  'post_logout_redirect_uris',
  'request_object_signing_alg',
  'require_auth_time',
  'require_pushed_authorization_requests',
  'require_signed_request_object',
] as const satisfies readonly (keyof AllClientMetadata)[];

/**
 * A directory row as oidc-provider's client metadata. Only what it acts on is handed over; what registration judged is not
 * judged again. The registered scope stays out: it is a default here, not a limit (P-11).
 *
 * @param now milliseconds since the epoch, by the database's clock: an expired secret is not handed over (K5)
 */
export function providerMetadata(
  state: ClientState,
  permissions: ClientPermissions,
  now: number,
): AllClientMetadata & { readonly [ADMISSION]: Admission } {
  const { members } = state.metadata;
  const method = members.token_endpoint_auth_method;
  const algorithm = members['token_endpoint_auth_signing_alg'];
  const jwks = members['jwks'];
  const jwksUri = members['jwks_uri'];
  const usesSecret = method === 'client_secret_basic' || method === 'client_secret_post';
  const grantTypes = GRANT_TYPES.filter((type) => permissions.grantTypes.includes(type));
  const redirects = grantTypes.includes('authorization_code') && members.redirect_uris.length > 0;
  const admission: Admission = {
    permissions,
    secrets: liveCredentials(state.secrets, now),
    needsDpop: members['dpop_bound_access_tokens'] === true,
  };
  return {
    client_id: state.client_id,
    application_type: members.application_type,
    redirect_uris: members.redirect_uris,
    grant_types: grantTypes,
    response_types: redirects ? ['code'] : [],
    token_endpoint_auth_method: AUTHENTICATION_METHODS.find((offered) => offered === method),
    ...(usesSecret && { client_secret: PLACEHOLDER_SECRET }),
    ...(method === 'private_key_jwt' &&
      ASSERTION_ALGORITHMS.some((offered) => offered === algorithm) && {
        token_endpoint_auth_signing_alg: algorithm as (typeof ASSERTION_ALGORITHMS)[number],
      }),
    // For client assertions and for signed requests, which clients of every method may send.
    ...(jwks !== undefined && { jwks: structuredClone(jwks) as unknown as AllClientMetadata['jwks'] }),
    ...(typeof jwksUri === 'string' && { jwks_uri: jwksUri }),
    ...Object.fromEntries(
      PASSED_ON.filter((name) => members[name] !== undefined).map((name) => [name, members[name]]),
    ),
    [ADMISSION]: admission,
  };
}

/** The admission of a client that came through `providerMetadata`. */
export function admissionOf(client: Client): Admission {
  return client[ADMISSION] as Admission;
}
