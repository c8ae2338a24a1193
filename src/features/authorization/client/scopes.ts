/** Scopes of OpenID Connect; a realm that does not list them ignores them, as RFC 6749 section 3.3 allows. */
const OPENID_CONNECT_SCOPES: ReadonlySet<string> = new Set([
  'openid',
  'profile',
  'email',
  'address',
  'phone',
  'offline_access',
]);

export interface ScopeRequest {
  /** The `scope` parameter, split; empty when it was left out. */
  readonly requested: readonly string[];
  /** What the client was registered with. */
  readonly registered: readonly string[];
  /** The realm's default. */
  readonly defaults: readonly string[];
  /** What may be granted for the resource at all. */
  readonly available: readonly string[];
  /** The client's ceiling; null = none. */
  readonly ceiling: readonly string[] | null;
}

/**
 * Settles the scope of a request (RFC 6749 section 3.3). What cannot be granted is left out, so that a client that asks for
 * everything it has seen still works; a request without scope gets the registered scope, or else the realm's default.
 *
 * @returns the scopes, possibly none when there is nothing to grant; `invalid_scope` when everything that was asked for is
 *   out of reach
 */
export function effectiveScopes(request: ScopeRequest): readonly string[] | 'invalid_scope' {
  const within = (scopes: readonly string[]): readonly string[] =>
    scopes.filter((scope) => request.available.includes(scope) && (request.ceiling?.includes(scope) ?? true));

  const granted = within(request.requested);
  if (granted.length > 0) return granted;
  if (request.requested.some((scope) => !OPENID_CONNECT_SCOPES.has(scope))) return 'invalid_scope';
  for (const fallback of [request.registered, request.defaults, request.available]) {
    const scopes = within(fallback);
    if (scopes.length > 0) return scopes;
  }
  return [];
}
