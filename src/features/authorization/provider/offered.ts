/** What the server signs and accepts signed, and where it answers. What it grants is domain/realm/authorization-server. */

/** Signature algorithms of client assertions (RFC 7523); symmetric ones are never offered. */
export const ASSERTION_ALGORITHMS = [
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
  'PS256',
  'PS384',
  'PS512',
  'RS256',
  'RS384',
  'RS512',
] as const;

/** Signature algorithms of request objects (RFC 9101): those of client assertions, made with the same keys. */
export const REQUEST_OBJECT_ALGORITHMS = ASSERTION_ALGORITHMS;

/**
 * Signature algorithms of DPoP proofs (RFC 9449). The key comes with the proof and is nobody's, so only kinds whose size
 * the algorithm fixes: a huge RSA key would be dear to verify with.
 */
export const DPOP_ALGORITHMS = ['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'] as const;

/** Signature algorithm of everything the server signs. */
export const SIGNING_ALGORITHM = 'ES256';

/** Paths under a realm's issuer. */
export const PATHS = {
  authorization: '/authorize',
  token: '/token',
  revocation: '/revoke',
  introspection: '/introspect',
  pushed_authorization_request: '/par',
  jwks: '/jwks',
  interaction: '/interaction',
} as const;
