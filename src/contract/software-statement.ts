import type { JsonObject } from './json.js';
import type { Sealed } from './sealed.js';

/** Somebody whose software statements (RFC 7591 section 2.3) count in a realm. */
export interface StatementIssuer {
  /** The `iss` of its statements, compared byte for byte. */
  readonly issuer: string;
  /** Its public keys, pinned: nothing is ever fetched. */
  readonly jwks: { readonly keys: readonly JsonObject[] };
  /** JWS algorithms it signs with; absent = every asymmetric one that goes with its keys. */
  readonly algorithms?: readonly string[];
  /** The `software_id`s it may speak for; absent = any. */
  readonly software_ids?: readonly string[];
  /** How many clients one statement may be used for; absent = any number. */
  readonly max_registrations?: number;
}

/** Whose software statements a realm trusts. */
export interface SoftwareStatementTrust {
  readonly issuers: readonly StatementIssuer[];
  /** Whether every registration needs one. */
  readonly required: boolean;
}

/** A client's software statement as its events and its directory row carry it (ADR 0014). */
export interface ClientStatement {
  /** The JWS as received. Sealed wherever it is stored; clear only between request and response. */
  readonly statement: Sealed | string;
  /** SHA-256 of the JWS, base64url. */
  readonly sha256: string;
  readonly issuer: string;
  /** The registered members that it set, sorted; the client asserts every other one itself (RFC 7591 section 5). */
  readonly members: readonly string[];
}
