import type { JsonObject, JsonValue } from './json.js';
import type { Sealed } from './sealed.js';

/** The way a client reached the door: RFC 7591, a Client ID Metadata Document, or an operator. */
export type Channel = 'dynamic' | 'document' | 'managed';

/**
 * Client metadata after parsing, narrowing and defaulting: what was really registered (RFC 7591 section 3.2.1).
 * `members` holds the understood members under their wire names, language-tagged variants included (`client_name#ja`);
 * server-issued members (client_id, client_secret …) are never among them. `custom` holds the members that the active
 * policy profile declares, apart from the rest, so that no custom name can ever shadow a protocol member.
 */
export interface ClientMetadata {
  readonly members: RegisteredMembers;
  readonly custom: JsonObject;
}

/** The members every client has after defaulting, and the others by name. */
export interface RegisteredMembers {
  readonly redirect_uris: readonly string[];
  readonly token_endpoint_auth_method: string;
  readonly grant_types: readonly string[];
  readonly response_types: readonly string[];
  readonly application_type: 'web' | 'native';
  /** Space separated, RFC 6749 section 3.3. */
  readonly scope: string;
  /** Sealed wherever the metadata is stored; clear only between request and response. */
  readonly contacts?: readonly string[] | Sealed;
  readonly [member: string]: JsonValue | Sealed | undefined;
}
