import { createLocalJWKSet, type JSONWebKeySet, type JWTPayload, jwtVerify } from 'jose';
import { SIGNING_ALGORITHM } from '../provider/offered.js';

/** The claims of our access tokens (RFC 9068). */
export interface AccessTokenClaims {
  readonly jti: string;
  readonly sub: string;
  readonly client_id: string;
  readonly aud: string;
  /** Seconds since the epoch. */
  readonly iat: number;
  readonly exp: number;
  readonly scope?: string;
  /** The grant that a user gave; absent for client_credentials. */
  readonly grant_id?: string;
  /** The key that the token is bound to (RFC 9449 section 6.1); absent for a bearer token. */
  readonly cnf?: { readonly jkt: string };
}

export type AccessTokenVerifier = (token: string) => Promise<AccessTokenClaims | null>;

/**
 * Makes the check of access tokens that come back to us: our signature, our issuer, not expired. Whether the token still
 * counts (client, grant, revocation) is for the caller to see.
 *
 * @param keys the realm's public keys, retired ones included
 * @returns a function that answers the claims, or null for anything that is not a live token of this issuer
 */
export function accessTokenVerifier(issuer: string, keys: JSONWebKeySet): AccessTokenVerifier {
  const keySet = createLocalJWKSet(keys);
  return async (token) => {
    try {
      const { payload } = await jwtVerify(token, keySet, {
        issuer,
        typ: 'at+jwt',
        algorithms: [SIGNING_ALGORITHM],
        requiredClaims: ['jti', 'sub', 'aud', 'iat', 'exp', 'client_id'],
      });
      return isAccessToken(payload) ? payload : null;
    } catch {
      return null;
    }
  };
}

/** Tells a JWT from an opaque token by its form alone: none of ours that is opaque has a dot. */
export function looksLikeJwt(token: string): boolean {
  return token.includes('.');
}

function isAccessToken(payload: JWTPayload): payload is JWTPayload & AccessTokenClaims {
  const isText = (value: unknown): boolean => typeof value === 'string';
  const { grant_id: grantId, scope, cnf } = payload;
  return (
    [payload.jti, payload.sub, payload['client_id'], payload.aud].every(isText) &&
    (grantId === undefined || isText(grantId)) &&
    (scope === undefined || isText(scope)) &&
    (cnf === undefined || isText((cnf as Partial<Record<string, unknown>> | null)?.['jkt']))
  );
}
