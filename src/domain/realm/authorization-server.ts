/**
 * What every realm's authorization server offers. Registration is narrowed to it, and the token endpoint serves it: one
 * list, so that nothing is ever registered that is not served (T-01).
 */
export const GRANT_TYPES = ['authorization_code', 'refresh_token', 'client_credentials'] as const;

export const RESPONSE_TYPES = ['code'] as const;

/** D-8: the methods that need no readable secret, in the order they are advertised. */
export const AUTHENTICATION_METHODS = [
  'none',
  'client_secret_basic',
  'client_secret_post',
  'private_key_jwt',
] as const;

/** Types of authorization details (RFC 9396 section 2): none, so that a request for any is refused, never half granted. */
export const AUTHORIZATION_DETAILS_TYPES: readonly string[] = [];
