const bearerSyntax = /^Bearer +([A-Za-z0-9\-._~+/]+=*)$/i;

/**
 * The credential in an Authorization header (RFC 6750 section 2.1).
 *
 * @returns null when there is no Authorization header; the empty text, which is no credential, for any other scheme or
 *   form: something was presented, so it is judged, and it never matches
 */
export function presentedBearer(authorization: string | undefined): string | null {
  if (authorization === undefined) return null;
  return bearerSyntax.exec(authorization)?.[1] ?? '';
}
