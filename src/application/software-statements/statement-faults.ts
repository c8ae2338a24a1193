import type { Rejection } from '../../domain/rejection.js';

type StatementRejection = Extract<Rejection, { kind: 'software_statement' }>;

const invalid = 'invalid_software_statement';
const unapproved = 'unapproved_software_statement';

/**
 * Why a software statement is refused (RFC 7591 section 3.2.2, R-90, R-93). What is wrong in itself is invalid. What may well
 * be right, only not here, is unapproved: also an issuer that nobody here trusts, because without a key of it there is no
 * telling whether the statement is genuine, and an operator can change the one answer but not the other.
 */
const faults = {
  required: [invalid, 'a software statement of an issuer that is trusted here is needed'],
  not_a_text: [invalid, 'software_statement must be a text: a JWS in compact serialization'],
  too_long: [invalid, 'the software statement is longer than 16384 characters'],
  malformed: [invalid, 'the software statement is not a JWS in compact serialization'],
  header: [invalid, 'the header of the software statement is not an acceptable JSON object'],
  header_member: [
    invalid,
    'the header of the software statement must not bring keys (jku, jwk, x5u, x5c), crit or zip',
  ],
  unsigned: [invalid, 'the software statement is not signed (alg none)'],
  algorithm: [invalid, 'the software statement must be signed with an asymmetric algorithm such as RS256'],
  other_kind: [invalid, 'the typ of the software statement says that it is another kind of JWT'],
  payload: [invalid, 'the claims of the software statement are not an acceptable JSON object'],
  claim_type: [invalid, 'a claim of the software statement has the wrong type: exp, nbf, jti or aud'],
  issuer_missing: [invalid, 'the software statement names no issuer (iss)'],
  signature: [invalid, 'the software statement is not signed by a key of its issuer'],
  expired: [invalid, 'the software statement has expired'],
  not_yet_valid: [invalid, 'the software statement is not valid yet'],
  issuer_unknown: [unapproved, 'the issuer of the software statement is not trusted here'],
  audience: [unapproved, 'the software statement is meant for other servers (aud)'],
  software_id: [unapproved, 'the issuer of the software statement is not trusted here for this software_id'],
  used_up: [unapproved, 'the software statement was used for as many clients as it may be'],
  other_issuer: [
    unapproved,
    'this client has a software statement of another issuer, and only that issuer may replace it',
  ],
} as const satisfies Record<string, readonly [StatementRejection['error'], string]>;

export type StatementFault = keyof typeof faults;

/** Puts a fault into the words of RFC 7591 section 3.2.2. */
export function statementRejection(fault: StatementFault): { readonly rejection: StatementRejection } {
  const [error, description] = faults[fault];
  return { rejection: { kind: 'software_statement', error, description } };
}
