/** What a client proves itself with at the token endpoint. */
export type ClientCredentialKind = 'none' | 'secret' | 'key' | 'certificate';

const CREDENTIAL_KINDS: ReadonlyMap<string, ClientCredentialKind> = new Map([
  ['none', 'none'],
  ['client_secret_basic', 'secret'],
  ['client_secret_post', 'secret'],
  ['client_secret_jwt', 'secret'],
  ['private_key_jwt', 'key'],
  ['self_signed_tls_client_auth', 'key'],
  ['tls_client_auth', 'certificate'],
]);

/**
 * What a `token_endpoint_auth_method` (RFC 7591 section 2, RFC 8705 section 2) makes the client prove itself with. A secret
 * is issued exactly for `secret`; `key` needs `jwks` or `jwks_uri`.
 *
 * @param method a value of `token_endpoint_auth_method`
 * @returns null for a method that nobody registered
 */
export function credentialKind(method: string): ClientCredentialKind | null {
  return CREDENTIAL_KINDS.get(method) ?? null;
}
