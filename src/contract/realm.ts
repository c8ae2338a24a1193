import type { SoftwareStatementTrust } from './software-statement.js';

/** A protected resource of a realm: an MCP server or any other API (RFC 8707). */
export interface Resource {
  /** Absolute URI without fragment; becomes the token's `aud`. */
  readonly identifier: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly token_format: 'jwt' | 'opaque';
  /** Seconds. */
  readonly token_lifetime: number;
}

/** Lifetimes in seconds. */
export interface Lifetimes {
  readonly access_token: number;
  readonly refresh_token: number;
  readonly grant: number;
  /** Of a dynamic client that was never used; null = it stays. */
  readonly unused_client?: number | null;
  /** Of a dynamic client that waits for review; null = it waits for ever. */
  readonly pending_client?: number | null;
}

/** How clients manage their own registration (RFC 7592). */
export interface ClientManagement {
  /** Off: clients get no registration access token, and one that was handed out before is of no use. */
  readonly enabled: boolean;
  /** Whether every replacement hands out a new registration access token. */
  readonly rotate_registration_access_token: boolean;
  /**
   * For how long the token before keeps working until the new one is first used, so that a lost answer locks nobody out;
   * seconds, 0 = not at all.
   */
  readonly registration_access_token_grace: number;
}

/** A realm's configuration, as `realm.configured` carries it. A realm is an issuer. */
export interface RealmConfiguration {
  /** Issuer identifier, byte for byte as clients see it: no trailing slash (T-14). */
  readonly issuer: string;
  readonly registration: 'open' | 'token' | 'closed';
  /** Name of the policy profile. */
  readonly profile: string;
  readonly scopes: readonly string[];
  readonly default_scopes: readonly string[];
  readonly resources: readonly Resource[];
  readonly default_resource: string | null;
  /** What to do with a resource that is not registered: refuse it, or, in development, accept http loopback ones. */
  readonly unknown_resources: 'refuse' | 'loopback';
  readonly lifetimes: Lifetimes;
  /** Whose software statements count; absent in older events, and the same as nobody's. */
  readonly software_statements?: SoftwareStatementTrust;
  /** Absent in events of before there was a choice: on, rotating, without grace. */
  readonly client_management?: ClientManagement;
}
