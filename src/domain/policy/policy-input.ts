import type { JsonObject, JsonValue } from '../../contract/json.js';
import type { Channel } from '../../contract/client-metadata.js';
import type { TokenConstraints } from '../../contract/policy.js';

export type { TokenConstraints };

/** A URI as the policy sees it: parsed once, so that no rule ever compares URLs as text. */
export interface PolicyUri {
  /** The exact string the client sent. */
  readonly raw: string;
  /** Lower case, without the colon. */
  readonly scheme: string;
  /** Lower case; IPv6 in brackets; null for private-use URIs without an authority. */
  readonly host: string | null;
  /** The host's DNS labels, left to right; empty for IP hosts and where there is no host. */
  readonly labels: readonly string[];
  readonly port: number | null;
  readonly path: string;
  /** Whether the URI is http on one of 127.0.0.1, [::1], localhost. */
  readonly loopback: boolean;
  /** Public suffix plus one label (private suffixes such as github.io included); null for IP hosts and bare suffixes. */
  readonly registrable_domain: string | null;
}

/** A client as the policy sees it: the whole effective metadata with every URI pre-parsed. */
export interface PolicyClient {
  readonly redirect_uris: readonly PolicyUri[];
  readonly token_endpoint_auth_method: string;
  readonly grant_types: readonly string[];
  readonly response_types: readonly string[];
  readonly application_type: 'web' | 'native';
  /** Scope values, split. */
  readonly scope: readonly string[];
  /** Every other registered member; URI members as PolicyUri, lists of URIs as lists of PolicyUri. */
  readonly [member: string]: JsonValue | PolicyUri | readonly PolicyUri[];
}

/** Who asks, as far as it was verified. */
export interface PolicyCaller {
  readonly kind: 'anonymous' | 'initial_access_token' | 'client' | 'operator';
  readonly method: string | null;
  /** Id of the initial access token the registration came, or once came, with. */
  readonly token_id: string | null;
  readonly constraints: TokenConstraints | null;
  readonly ip: string | null;
}

/** A software statement as the policy sees it: verified, and issued by somebody whom the realm trusts. */
export interface PolicyStatement {
  readonly issuer: string;
  /** The members of `client` and `custom` that it set; every other one is the client's own word. */
  readonly members: readonly string[];
  /** Everything it says, metadata or not. */
  readonly claims: JsonObject;
}

/** One error of the profile's JSON Schema for custom metadata. */
export interface CustomMetadataError {
  /** The declared member, e.g. `cost_center`. */
  readonly field: string;
  /** JSON Schema keyword that failed, e.g. `pattern`. */
  readonly keyword: string;
  /** JSON Pointer inside the custom metadata, e.g. `/cost_center`. */
  readonly pointer: string;
}

/** A hold or a denial that stands against whoever registers the same again. */
export interface PriorFinding {
  readonly outcome: 'held' | 'denied';
  /** The client that was suspended or turned away: what an operator can look up. */
  readonly reference: string;
  /** RFC 3339. */
  readonly since: string;
}

/** What stands against a client: by its whole effective metadata, and by its software_id. */
export interface PriorFacts {
  readonly fingerprint: PriorFinding | null;
  readonly software: PriorFinding | null;
}

/** What the service knows beside the request. */
export interface PolicyFacts {
  /** Absent where nothing stands against the client. */
  readonly prior?: PriorFacts;
}

/** The input of `admission/decision`, version 1. Only verified facts; time and identity come in, nothing is looked up. */
export interface PolicyInput {
  readonly version: 1;
  readonly action: 'register' | 'replace' | 'document' | 'approve' | 'authorize';
  /** RFC 3339, UTC, milliseconds. */
  readonly now: string;
  readonly realm: string;
  readonly profile: string;
  readonly channel: Channel;
  readonly caller: PolicyCaller;
  readonly client: PolicyClient;
  /** Names of the members the request itself carried, sorted. */
  readonly declared: readonly string[];
  readonly custom: JsonObject;
  readonly custom_errors: readonly CustomMetadataError[];
  /** The client before a replacement, whole; null for a registration. */
  readonly previous: { readonly client: PolicyClient; readonly custom: JsonObject } | null;
  /** The software statement that the request, or for a replacement the client, came with. */
  readonly statement: PolicyStatement | null;
  readonly document: JsonObject | null;
  readonly subject: JsonObject | null;
  readonly resource: string | null;
  readonly facts: PolicyFacts;
}
