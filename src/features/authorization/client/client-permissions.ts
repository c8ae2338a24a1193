import {
  type ClientStanding,
  type ClientState,
  clientStanding,
} from '../../../domain/client/client-state.js';

/** What a client may do at this moment, as its directory row says. Token requests evaluate no policy; this is why. */
export interface ClientPermissions {
  readonly standing: Exclude<ClientStanding, 'gone'>;
  readonly grantTypes: readonly string[];
  /** Scopes the client was registered with: its default, not its limit (P-11). */
  readonly registeredScopes: readonly string[];
  /** The limit; null where the policy set none. */
  readonly scopeCeiling: readonly string[] | null;
  readonly resourceCeiling: readonly string[] | null;
  /** Longest life of an access token in seconds; null where the policy set none. */
  readonly tokenLifetime: number | null;
  readonly trust: 'untrusted' | 'approved' | 'trusted';
  /** Whether the user is asked at every authorization, whatever was allowed before (P10). */
  readonly asksEveryTime: boolean;
}

/**
 * Reads a client's permissions off its row: the registered metadata, cut by the policy's obligations and by the limits of
 * the initial access token it came with (M-27).
 *
 * @param now milliseconds since the epoch
 * @returns null for a client to answer as if it did not exist
 */
export function clientPermissions(state: ClientState | undefined, now: number): ClientPermissions | null {
  const standing = clientStanding(state, now);
  if (!state || standing === 'gone') return null;
  const { obligations, constraints } = state;
  const { members } = state.metadata;
  const trust = obligations.trust ?? 'untrusted';
  const grantTypes = narrowest(members.grant_types, obligations.grant_types, constraints?.grant_types);
  return {
    standing,
    grantTypes: grantTypes ?? [],
    registeredScopes: words(members.scope),
    scopeCeiling: narrowest(obligations.scope_ceiling, constraints?.scopes),
    resourceCeiling: narrowest(obligations.resource_ceiling, constraints?.resources),
    tokenLifetime: obligations.token_lifetime ?? null,
    trust,
    asksEveryTime: trust === 'untrusted' || obligations.require_consent === true,
  };
}

/** Splits a space separated list (RFC 6749 section 3.3); duplicates and empty words are dropped. */
export function words(list: string | undefined): readonly string[] {
  return [...new Set((list ?? '').split(' ').filter((word) => word !== ''))];
}

/** The intersection of the limits that are set; null when none is. */
function narrowest(...limits: (readonly string[] | undefined)[]): readonly string[] | null {
  const set = limits.filter((limit) => limit !== undefined);
  const [first, ...others] = set;
  if (!first) return null;
  return first.filter((value) => others.every((other) => other.includes(value)));
}
