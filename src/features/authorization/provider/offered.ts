/** What the server offers, in the order it is advertised. Everything else in the directory is not handed on. */

export const GRANT_TYPES = ['authorization_code', 'refresh_token', 'client_credentials'] as const;

/** D-8: the methods that need no readable secret. */
export const AUTHENTICATION_METHODS = [
  'none',
  'client_secret_basic',
  'client_secret_post',
  'private_key_jwt',
] as const;

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
