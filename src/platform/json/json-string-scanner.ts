import type { JsonFaultKind } from './json-fault.js';

/** Where a string token ends, or what is wrong with it and where. */
export type StringScan =
  | {
      readonly ok: true;
      /** Offset of the byte after the closing quotation mark. */
      readonly end: number;
      /** Whether the token differs from the text it stands for. */
      readonly escaped: boolean;
    }
  | { readonly ok: false; readonly kind: JsonFaultKind; readonly offset: number };

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const LETTER_U = 0x75;
const DELETE = 0x7f;
/** Of the two-character escapes (RFC 8259 section 7) those that stand for printable characters: `"`, `\`, `/`. */
const PRINTABLE_ESCAPES = new Set([QUOTE, BACKSLASH, 0x2f]);
/** Those that stand for control characters: b, f, n, r, t. */
const CONTROL_ESCAPES = new Set([0x62, 0x66, 0x6e, 0x72, 0x74]);

/**
 * Scans one JSON string token in bytes that are valid UTF-8. Control characters (C0 and DEL) are refused, written out or
 * escaped, and so are escaped lone surrogates: no store, log or header can carry them faithfully (threat V3).
 *
 * @param bytes the body
 * @param start offset of the opening quotation mark
 */
export function scanString(bytes: Uint8Array, start: number): StringScan {
  let escaped = false;
  for (let at = start + 1; at < bytes.length; at++) {
    const byte = bytes[at] as number;
    if (byte === QUOTE) return { ok: true, end: at + 1, escaped };
    if (byte < 0x20 || byte === DELETE) return { ok: false, kind: 'control_character', offset: at };
    if (byte !== BACKSLASH) continue;
    escaped = true;
    const escape = scanEscape(bytes, at);
    if (typeof escape !== 'number') return escape;
    at = escape - 1;
  }
  return { ok: false, kind: 'malformed', offset: bytes.length };
}

/** The offset after the escape sequence that begins at a backslash. */
function scanEscape(bytes: Uint8Array, start: number): number | StringScan {
  const letter = bytes[start + 1];
  if (letter === undefined) return { ok: false, kind: 'malformed', offset: start };
  if (PRINTABLE_ESCAPES.has(letter)) return start + 2;
  if (CONTROL_ESCAPES.has(letter)) return { ok: false, kind: 'control_character', offset: start };
  const unit = escapedUnit(bytes, start);
  if (unit === null) return { ok: false, kind: 'malformed', offset: start };
  if (unit < 0x20 || unit === DELETE) return { ok: false, kind: 'control_character', offset: start };
  if (unit < 0xd800 || unit > 0xdfff) return start + 6;
  const next = unit <= 0xdbff ? escapedUnit(bytes, start + 6) : null;
  const isPair = next !== null && next >= 0xdc00 && next <= 0xdfff;
  return isPair ? start + 12 : { ok: false, kind: 'lone_surrogate', offset: start };
}

/** The UTF-16 code unit that `\uXXXX` stands for; null if no such escape begins there. */
function escapedUnit(bytes: Uint8Array, start: number): number | null {
  if (bytes[start] !== BACKSLASH || bytes[start + 1] !== LETTER_U) return null;
  let unit = 0;
  for (let at = start + 2; at < start + 6; at++) {
    const digit = hexDigit(bytes[at] ?? 0);
    if (digit < 0) return null;
    unit = unit * 16 + digit;
  }
  return unit;
}

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}
