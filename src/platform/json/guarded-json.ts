import { isUtf8 } from 'node:buffer';
import type { JsonObject, JsonValue } from '../../contract/json.js';
import { DEFAULT_JSON_LIMITS, type JsonFault, type JsonFaultKind, type JsonLimits } from './json-fault.js';
import { JsonScanner } from './json-scanner.js';

export type JsonGuardResult<Value extends JsonValue = JsonValue> =
  { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly fault: JsonFault };

const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * Parses a request body that may come from anybody. The bytes are scanned before JSON.parse sees them (threats V1 to V3):
 * refused are bodies that are too large, too deep or have too many members, invalid UTF-8 and byte order marks, repeated
 * member names, names that reach prototypes or forge sealed fields, control characters, lone surrogates and numbers that JSON readers disagree
 * about. Never throws; linear in the length of the body.
 *
 * @param bytes the body as received
 * @param limits of bytes, depth and members
 * @returns exactly what JSON.parse makes of the body, or the first fault
 */
export function parseGuardedJson(bytes: Buffer, limits: JsonLimits = DEFAULT_JSON_LIMITS): JsonGuardResult {
  if (bytes.length > limits.bytes) {
    return refused('too_large', limits.bytes, `the body is larger than ${limits.bytes} bytes`);
  }
  if (bytes.subarray(0, 3).equals(BYTE_ORDER_MARK)) {
    return refused('byte_order_mark', 0, 'the body begins with a byte order mark (RFC 8259 section 8.1)');
  }
  if (!isUtf8(bytes)) return refused('invalid_utf8', 0, 'the body is not valid UTF-8');
  const fault = new JsonScanner(bytes, limits).scan();
  return fault === null
    ? { ok: true, value: JSON.parse(bytes.toString('utf8')) as JsonValue }
    : { ok: false, fault };
}

/**
 * The same for bodies that have to be a JSON object, as all requests of this service are.
 *
 * @param bytes the body as received
 * @param limits of bytes, depth and members
 */
export function parseGuardedObject(
  bytes: Buffer,
  limits: JsonLimits = DEFAULT_JSON_LIMITS,
): JsonGuardResult<JsonObject> {
  const result = parseGuardedJson(bytes, limits);
  if (!result.ok) return result;
  const { value } = result;
  return isObject(value) ? { ok: true, value } : refused('not_an_object', 0, 'the body is not a JSON object');
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function refused(kind: JsonFaultKind, offset: number, description: string) {
  return { ok: false, fault: { kind, offset, description } } as const;
}
