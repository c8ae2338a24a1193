import type { JsonObject, JsonValue } from '../../contract/json.js';
import { SIGNING_ALGORITHMS } from '../../domain/metadata/metadata-table.js';
import { DEFAULT_JSON_LIMITS } from '../../platform/json/json-fault.js';
import { parseGuardedObject } from '../../platform/json/guarded-json.js';
import type { StatementFault } from './statement-faults.js';

/** A statement in its parts. Nothing of it is true yet. */
export interface UnverifiedStatement {
  readonly jws: string;
  readonly algorithm: string;
  readonly keyId: string | undefined;
  readonly claims: JsonObject;
}

export type Read<Value> =
  { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly fault: StatementFault };

const LONGEST_STATEMENT = 16_384;
const COMPACT = /^([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]*)$/;

/** Where a signer would say which key to believe, or that something else is needed to understand it (threat P9). */
const REFUSED_HEADER_MEMBERS = ['jku', 'jwk', 'x5u', 'x5c', 'crit', 'zip', 'b64'];

/** RFC 7519 section 5.1; every other `typ` names another kind of JWT: at+jwt, dpop+jwt, logout+jwt …. */
const TYPES = new Set(['jwt', 'application/jwt']);

/**
 * Takes a statement apart, without believing it: compact form only, header and claims guarded like a request body.
 *
 * @param presented the `software_statement` member of a request
 */
export function readStatement(presented: JsonValue): Read<UnverifiedStatement> {
  if (typeof presented !== 'string') return faulty('not_a_text');
  if (presented.length > LONGEST_STATEMENT) return faulty('too_long');
  const parts = COMPACT.exec(presented);
  if (!parts) return faulty('malformed');
  const header = guarded(parts[1]!);
  if (!header) return faulty('header');
  const headerFault = faultOfHeader(header, parts[3]!);
  if (headerFault) return faulty(headerFault);
  const claims = guarded(parts[2]!);
  if (!claims) return faulty('payload');
  const { alg, kid } = header as { alg: string; kid?: string };
  return { ok: true, value: { jws: presented, algorithm: alg, keyId: kid, claims } };
}

/**
 * The claims of a statement that was verified before and is only read again.
 *
 * @param jws as it was received then
 */
export function claimsOfVerified(jws: string): JsonObject {
  return guarded(jws.split('.')[1] ?? '') ?? {};
}

function faultOfHeader(header: JsonObject, signature: string): StatementFault | undefined {
  const { alg, kid, typ } = header;
  if (REFUSED_HEADER_MEMBERS.some((name) => Object.hasOwn(header, name))) return 'header_member';
  if (typeof alg !== 'string' || (kid !== undefined && typeof kid !== 'string')) return 'header';
  if (alg.toLowerCase() === 'none' || signature === '') return 'unsigned';
  if (!SIGNING_ALGORITHMS.includes(alg)) return 'algorithm';
  if (typ !== undefined && !(typeof typ === 'string' && TYPES.has(typ.toLowerCase()))) return 'other_kind';
  return undefined;
}

function guarded(part: string): JsonObject | undefined {
  const result = parseGuardedObject(Buffer.from(part, 'base64url'), DEFAULT_JSON_LIMITS);
  return result.ok ? result.value : undefined;
}

function faulty(fault: StatementFault) {
  return { ok: false, fault } as const;
}
