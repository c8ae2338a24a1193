/** Why a request body is not accepted as JSON, before anything of its content is looked at. */
export type JsonFaultKind =
  | 'too_large'
  | 'byte_order_mark'
  | 'invalid_utf8'
  | 'malformed'
  | 'not_an_object'
  | 'too_deep'
  | 'too_many_members'
  | 'duplicate_member'
  | 'forbidden_member'
  | 'control_character'
  | 'lone_surrogate'
  | 'number_out_of_range';

export interface JsonFault {
  readonly kind: JsonFaultKind;
  /** Where in the body, in bytes from its start. */
  readonly offset: number;
  /** For `error_description`: printable ASCII without `"` and `\` (RFC 6749 section 5.2). */
  readonly description: string;
}

/** How much JSON one request may bring (DESIGN section 12). */
export interface JsonLimits {
  /** Bytes of the whole body. */
  readonly bytes: number;
  /** Objects and arrays inside one another; a lone object has depth 1. */
  readonly depth: number;
  /** Members of all objects together. */
  readonly members: number;
}

export const DEFAULT_JSON_LIMITS: JsonLimits = { bytes: 65_536, depth: 8, members: 512 };

const MAX_SHOWN_NAME = 64;
const SHOWABLE_NAME = /^[\x20\x21\x23-\x5b\x5d-\x7e]+$/;

/**
 * A member name in a form that may be told back: shortened, and withheld altogether unless it is harmless ASCII.
 *
 * @param name as the client sent it, unescaped
 */
export function shownName(name: string): string {
  if (!SHOWABLE_NAME.test(name)) return 'a member whose name is not printable ASCII';
  return `member ${name.length > MAX_SHOWN_NAME ? `${name.slice(0, MAX_SHOWN_NAME)}...` : name}`;
}
