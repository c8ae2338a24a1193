import { createHash } from 'node:crypto';
import { compactVerify, type JWK } from 'jose';
import { canonicalJson } from '../../contract/canonical-json.js';
import type { JsonObject, JsonValue } from '../../contract/json.js';
import type { StatementIssuer } from '../../contract/software-statement.js';
import type { RealmState } from '../../domain/realm/realm-state.js';
import { readStatement, type Read, type UnverifiedStatement } from './read-statement.js';
import type { StatementFault } from './statement-faults.js';
import { keysFor } from './statement-keys.js';

/** A statement whose signature, issuer, time and audience were checked. */
export interface VerifiedStatement {
  readonly jws: string;
  /** SHA-256 of the JWS, base64url. */
  readonly sha256: string;
  readonly issuer: StatementIssuer;
  readonly claims: JsonObject;
  /** What its uses are counted by: one text per realm and statement. */
  readonly identity: string;
}

/** How far the clocks of issuer and service may be apart. */
const CLOCK_TOLERANCE_MS = 60_000;

/**
 * Verifies a software statement (RFC 7591 sections 2.3 and 3.1.1) before anything of it is believed: its `iss` only chooses
 * among the pinned keys. `exp` and `nbf` hold where they are there; RFC 7591 does not demand `exp`, and statements of a build
 * that is shipped once have none: an issuer is revoked in the realm's configuration, or limited by `software_ids`.
 *
 * @param presented the `software_statement` member of a request
 * @param realm whose trust list counts, and whose issuer an `aud` has to name
 * @param now milliseconds since the epoch
 */
export async function verifyStatement(
  presented: JsonValue,
  realm: RealmState,
  now: number,
): Promise<Read<VerifiedStatement>> {
  const read = readStatement(presented);
  if (!read.ok) return read;
  const { jws, claims } = read.value;
  const { iss } = claims;
  if (typeof iss !== 'string' || iss === '') return faulty('issuer_missing');
  const issuer = realm.software_statements.issuers.find((each) => each.issuer === iss);
  if (!issuer) return faulty('issuer_unknown');
  if (!(await isSigned(read.value, issuer))) return faulty('signature');
  const fault = faultOfClaims(claims, issuer, realm.issuer, now);
  if (fault) return faulty(fault);
  return {
    ok: true,
    value: { jws, sha256: sha256(jws), issuer, claims, identity: identityOf(realm.name, iss, jws, claims) },
  };
}

/** SHA-256 of a text, base64url. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

async function isSigned(statement: UnverifiedStatement, issuer: StatementIssuer): Promise<boolean> {
  for (const key of keysFor(issuer, statement)) {
    try {
      await compactVerify(statement.jws, key as JWK, { algorithms: [statement.algorithm] });
      return true;
    } catch {
      // Not by this key, or the key is none: either way it vouches for nothing.
    }
  }
  return false;
}

function faultOfClaims(
  { exp, nbf, jti, aud, software_id: softwareId }: JsonObject,
  { software_ids: softwareIds }: StatementIssuer,
  audience: string,
  now: number,
): StatementFault | undefined {
  if (!isTime(exp) || !isTime(nbf)) return 'claim_type';
  if (jti !== undefined && (typeof jti !== 'string' || jti === '')) return 'claim_type';
  if (exp !== undefined && now >= exp * 1000 + CLOCK_TOLERANCE_MS) return 'expired';
  if (nbf !== undefined && now < nbf * 1000 - CLOCK_TOLERANCE_MS) return 'not_yet_valid';
  // RFC 7519 section 4.1.3: who is not among the audience must refuse.
  if (aud !== undefined && aud !== audience && !(Array.isArray(aud) && aud.includes(audience))) {
    return 'audience';
  }
  const isForeign = softwareIds && !(typeof softwareId === 'string' && softwareIds.includes(softwareId));
  return isForeign ? 'software_id' : undefined;
}

function isTime(value: JsonValue | undefined): value is number | undefined {
  return value === undefined || (typeof value === 'number' && Number.isFinite(value));
}

/**
 * The issuer's own id of the statement, or what was signed. Never the whole JWS: of an ECDSA signature there is a second form
 * that verifies as well, and with it the same statement would count as another one.
 */
function identityOf(realm: string, iss: string, jws: string, { jti }: JsonObject): string {
  const own = jti === undefined ? { signed: jws.slice(0, jws.lastIndexOf('.')) } : { jti };
  return sha256(canonicalJson({ realm, iss, ...own }));
}

function faulty(fault: StatementFault) {
  return { ok: false, fault } as const;
}
