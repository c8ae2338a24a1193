import type { RealmState } from '../../../domain/realm/realm-state.js';
import type { ClientPermissions } from './client-permissions.js';

/** No access token lives longer, whatever a realm says (DESIGN section 7). Seconds. */
const LONGEST_TOKEN_LIFETIME = 900;

/** The protected resource a token is for. */
export interface TargetResource {
  /** Becomes `aud`. */
  readonly identifier: string;
  /** Null for a resource the realm does not know by name. */
  readonly name: string | null;
  readonly scopes: readonly string[];
  /** Seconds. */
  readonly tokenLifetime: number;
}

/**
 * Finds the resource that a `resource` parameter names (RFC 8707 section 2). One trailing slash on an empty path makes no
 * difference; the registered spelling is what counts from then on.
 *
 * @returns null for `invalid_target`: not an absolute URI, unknown to the realm, or beyond the client's ceiling
 */
export function targetResource(
  realm: RealmState,
  requested: string,
  permissions: Pick<ClientPermissions, 'resourceCeiling' | 'tokenLifetime'>,
): TargetResource | null {
  const found = lookUp(realm, requested);
  if (!found) return null;
  const ceiling = permissions.resourceCeiling;
  if (ceiling && !ceiling.some((allowed) => sameResource(allowed, found.identifier))) return null;
  const lifetime = Math.min(
    found.tokenLifetime,
    permissions.tokenLifetime ?? LONGEST_TOKEN_LIFETIME,
    LONGEST_TOKEN_LIFETIME,
  );
  return { ...found, tokenLifetime: lifetime };
}

/**
 * The resource of a request that names none: the realm's default, or its only one. A realm without resources issues tokens
 * for itself, so that leaving the parameter out is never an error.
 */
export function defaultResource(realm: RealmState): string {
  if (realm.default_resource !== null) return realm.default_resource;
  const [only, ...others] = realm.resources;
  return only && others.length === 0 ? only.identifier : realm.issuer;
}

/** The registered spelling of a resource, or the parameter as it came. */
export function canonicalResource(realm: RealmState, requested: string): string {
  return lookUp(realm, requested)?.identifier ?? requested;
}

function lookUp(realm: RealmState, requested: string): TargetResource | null {
  const registered = realm.resources.find((resource) => sameResource(resource.identifier, requested));
  if (registered) {
    return {
      identifier: registered.identifier,
      name: registered.name,
      scopes: rights(registered.scopes.length > 0 ? registered.scopes : realm.scopes),
      tokenLifetime: registered.token_lifetime,
    };
  }
  const own = sameResource(defaultResource(realm), requested);
  if (own || (realm.unknown_resources === 'loopback' && isLoopback(requested))) {
    return {
      identifier: own ? defaultResource(realm) : withoutEmptyPath(requested),
      name: null,
      scopes: rights(realm.scopes),
      tokenLifetime: realm.lifetimes.access_token,
    };
  }
  return null;
}

/** `offline_access` asks for a refresh token, `openid` for an ID token; neither is a right at a resource. */
function rights(scopes: readonly string[]): readonly string[] {
  return scopes.filter((scope) => scope !== 'offline_access' && scope !== 'openid');
}

function sameResource(one: string, other: string): boolean {
  return withoutEmptyPath(one) === withoutEmptyPath(other);
}

/** `https://api.example/` and `https://api.example` name one resource; a longer path is compared as it stands. */
function withoutEmptyPath(uri: string): string {
  return /^[a-z][a-z0-9+.-]*:\/\/[^/?#]+\/$/i.test(uri) ? uri.slice(0, -1) : uri;
}

/** An http URI on a loopback host, printable, without userinfo and fragment. */
function isLoopback(uri: string): boolean {
  return /^http:\/\/(?:127\.0\.0\.1|\[::1\]|localhost)(?::[1-9][0-9]{0,4})?(?:[/?][\x21\x22\x24-\x7e]*)?$/.test(
    uri,
  );
}
