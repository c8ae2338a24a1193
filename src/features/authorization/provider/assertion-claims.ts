import { errors } from './oidc-provider.js';

const TYPES: ReadonlySet<unknown> = new Set([undefined, 'JWT', 'client-authentication+jwt']);

/**
 * What we ask of a client assertion beyond oidc-provider (R-60, RFC 7523bis): addressed to the issuer and to nobody else,
 * as one string, so that it is of no use at another server (threat F10); not a JWT of another kind.
 *
 * @throws InvalidClientAuth
 */
export function assertAssertionClaims(
  issuer: string,
  claims: { readonly aud?: unknown },
  header: { readonly typ?: unknown },
): void {
  if (claims.aud !== issuer) {
    throw new errors.InvalidClientAuth(
      'aud (JWT audience) must be the issuer identifier, as a single string',
    );
  }
  const type = typeof header.typ === 'string' && header.typ.toUpperCase() === 'JWT' ? 'JWT' : header.typ;
  if (!TYPES.has(type)) throw new errors.InvalidClientAuth('the assertion is a JWT of another kind');
}
