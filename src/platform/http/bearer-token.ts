const bearerSyntax = /^Bearer +([A-Za-z0-9\-._~+/]+=*)$/i;

/**
 * The credential in an Authorization header (RFC 6750 section 2.1). Anything else that was sent there is returned as it
 * is: it was presented, so it is judged, and it will not match.
 *
 * @returns null when there is no Authorization header
 */
export function presentedBearer(authorization: string | undefined): string | null {
  if (authorization === undefined) return null;
  return bearerSyntax.exec(authorization)?.[1] ?? authorization;
}
