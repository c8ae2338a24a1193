import type { CustomMetadataError } from '../policy/policy-input.js';
import type { Channel, ClientMetadata } from './client-metadata.js';
import type { CustomMetadataRules } from './custom-metadata-rules.js';
import type { MetadataRejection } from './rejection/metadata-rejection.js';

/** What the realm's authorization server can do; requests are narrowed to it. */
export interface ServerCapabilities {
  readonly grant_types: readonly string[];
  readonly response_types: readonly string[];
  readonly token_endpoint_auth_methods: readonly string[];
  readonly scopes: readonly string[];
  /** Registered for clients that name no scope, or none that is known; a subset of `scopes`. */
  readonly default_scopes: readonly string[];
  /** Types of authorization details that can be granted (RFC 9396); none at present. */
  readonly authorization_details_types: readonly string[];
  /** Private-use URI schemes that are allowed although they contain no dot, e.g. `cursor`, `vscode`; lower case. */
  readonly dotless_schemes: readonly string[];
}

/** Whether the realm has the scope `openid`, and so ID tokens. */
export function issuesIdTokens(server: Pick<ServerCapabilities, 'scopes'>): boolean {
  return server.scopes.includes('openid');
}

/** What parsing needs to know beside the request itself. */
export interface ParseOptions {
  readonly channel: Channel;
  readonly server: ServerCapabilities;
  readonly custom: CustomMetadataRules;
}

/** Metadata that is well-formed; whether it is welcome is for the policy to say. */
export interface ParsedMetadata {
  readonly ok: true;
  /** The effective metadata: narrowed to what is supported, defaults filled in. */
  readonly metadata: ClientMetadata;
  /** Names of the understood members that the request carried with a value, custom ones included; sorted. */
  readonly declared: readonly string[];
  /** Names of the members that were dropped: unknown ones and those only the server issues; sorted. */
  readonly ignored: readonly string[];
  /** What the profile's rules say about the custom members. */
  readonly custom_errors: readonly CustomMetadataError[];
}

export type ParseResult = ParsedMetadata | { readonly ok: false; readonly rejection: MetadataRejection };
