import type { TokenConstraints } from '../../contract/policy.js';
import type { ServerCapabilities } from '../../domain/metadata/parse-options.js';
import {
  AUTHENTICATION_METHODS,
  AUTHORIZATION_DETAILS_TYPES,
  GRANT_TYPES,
  RESPONSE_TYPES,
} from '../../domain/realm/authorization-server.js';
import type { RealmState } from '../../domain/realm/realm-state.js';

/**
 * What the authorization server of a realm offers, and so what a registration is narrowed to.
 *
 * @param constraints of the initial access token that the client comes, or once came, with: it narrows first, so that a
 *   default never asks for more than the token allows (P3)
 * @param dotlessSchemes private-use schemes without a dot that the policy profile allows
 */
export function serverCapabilities(
  realm: RealmState,
  constraints: TokenConstraints | null,
  dotlessSchemes: readonly string[],
): ServerCapabilities {
  const allowed = within(constraints?.scopes);
  const scopes = [...realm.scopes, ...realm.resources.flatMap((resource) => resource.scopes)];
  return {
    grant_types: GRANT_TYPES.filter(within(constraints?.grant_types)),
    response_types: RESPONSE_TYPES,
    token_endpoint_auth_methods: AUTHENTICATION_METHODS.filter(
      within(constraints?.token_endpoint_auth_methods),
    ),
    scopes: [...new Set(scopes)].filter(allowed),
    default_scopes: realm.default_scopes.filter(allowed),
    authorization_details_types: AUTHORIZATION_DETAILS_TYPES,
    dotless_schemes: dotlessSchemes,
  };
}

/** Whether a value is among those that a token allows; where it says nothing, all are. */
function within(allowed: readonly string[] | undefined): (value: string) => boolean {
  return (value) => allowed?.includes(value) ?? true;
}
