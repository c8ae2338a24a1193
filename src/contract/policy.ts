import type { JsonObject } from './json.js';

/** One thing a rule has to say. Texts are rendered outside Rego, from `code` and `params`. */
export interface PolicyFinding {
  /** Package name of the rule, e.g. `redirect_hosts`. */
  readonly rule: string;
  /** Stable, e.g. `redirect_host_denied`. */
  readonly code: string;
  /** The metadata member it is about, e.g. `redirect_uris`. */
  readonly field: string;
  /** Evidence; which members are public is declared with the code. */
  readonly params: JsonObject;
}

/** What an admitted client must live with; it lies in the client's row, token requests evaluate no policy. */
export interface PolicyObligations {
  readonly scope_ceiling?: readonly string[];
  readonly resource_ceiling?: readonly string[];
  readonly grant_types?: readonly string[];
  /** Seconds. */
  readonly token_lifetime?: number;
  /** Seconds. */
  readonly secret_lifetime?: number;
  /** Seconds. */
  readonly client_lifetime?: number;
  readonly require_consent?: boolean;
  readonly trust?: 'untrusted' | 'approved' | 'trusted';
}

/** What an initial access token allows its holder; an absent member does not constrain. */
export interface TokenConstraints {
  readonly scopes?: readonly string[];
  readonly redirect_hosts?: readonly string[];
  readonly grant_types?: readonly string[];
  readonly token_endpoint_auth_methods?: readonly string[];
  readonly resources?: readonly string[];
  readonly profile?: string;
}
