import {
  AUTHENTICATION_METHODS,
  GRANT_TYPES,
  RESPONSE_TYPES,
} from '../../../domain/realm/authorization-server.js';
import type { RealmState } from '../../../domain/realm/realm-state.js';
import {
  ASSERTION_ALGORITHMS,
  DPOP_ALGORITHMS,
  PATHS,
  REQUEST_OBJECT_ALGORITHMS,
  SIGNING_ALGORITHM,
} from '../provider/offered.js';

/**
 * The metadata of a realm's authorization server (RFC 8414, OpenID Connect Discovery). Both well-known documents are this
 * one. Every URL starts with the configured issuer; no request header has a say (threats C4, C5).
 *
 * `scopes_supported` is what some clients ask for as a whole when an MCP server names no scope, so it holds the realm's own
 * scopes only. `registration_endpoint` is there only while anybody may use it (A-08, T-07).
 */
export function serverMetadata(realm: RealmState): object {
  const at = (path: string): string => `${realm.issuer}${path}`;
  return {
    issuer: realm.issuer,
    authorization_endpoint: at(PATHS.authorization),
    token_endpoint: at(PATHS.token),
    jwks_uri: at(PATHS.jwks),
    ...(realm.registration === 'open' && { registration_endpoint: at('/register') }),
    revocation_endpoint: at(PATHS.revocation),
    introspection_endpoint: at(PATHS.introspection),
    pushed_authorization_request_endpoint: at(PATHS.pushed_authorization_request),
    ...(realm.scopes.length > 0 && { scopes_supported: realm.scopes }),
    response_types_supported: RESPONSE_TYPES,
    response_modes_supported: ['query', 'fragment', 'form_post'],
    grant_types_supported: GRANT_TYPES,
    ...authenticationAt('token'),
    ...authenticationAt('revocation'),
    ...authenticationAt('introspection'),
    code_challenge_methods_supported: ['S256'],
    authorization_response_iss_parameter_supported: true,
    request_parameter_supported: true,
    request_uri_parameter_supported: false,
    request_object_signing_alg_values_supported: REQUEST_OBJECT_ALGORITHMS,
    dpop_signing_alg_values_supported: DPOP_ALGORITHMS,
    ...(realm.resources.length > 0 && {
      protected_resources: realm.resources.map((resource) => resource.identifier),
    }),
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: [SIGNING_ALGORITHM],
  };
}

function authenticationAt(endpoint: string): object {
  return {
    [`${endpoint}_endpoint_auth_methods_supported`]: AUTHENTICATION_METHODS,
    [`${endpoint}_endpoint_auth_signing_alg_values_supported`]: ASSERTION_ALGORITHMS,
  };
}
