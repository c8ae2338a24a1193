import { errors } from './oidc-provider.js';

const TYPES: ReadonlySet<unknown> = new Set([undefined, 'JWT', 'oauth-authz-req+jwt']);

/**
 * What we ask of a request object beyond oidc-provider (RFC 9101 section 10.8): not a JWT of another kind, above all no
 * client assertion. And text that the database can keep: a form cannot carry half a surrogate pair, JSON can.
 *
 * @param claims also those of a pushed request that came as a form
 * @param clientId of the client that signed it
 * @throws InvalidRequestObject
 */
export function assertRequestObject(
  claims: Readonly<Record<string, unknown>>,
  header: { readonly typ?: unknown },
  clientId: string,
): void {
  const type = typeof header.typ === 'string' && header.typ.toUpperCase() === 'JWT' ? 'JWT' : header.typ;
  if (!TYPES.has(type) || claims['sub'] === clientId) {
    throw new errors.InvalidRequestObject('the request object is a JWT of another kind');
  }
  if (!isStorable(claims)) {
    throw new errors.InvalidRequestObject('the request object contains U+0000 or half a surrogate pair');
  }
}

function isStorable(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed() && !value.includes('\0');
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([name, member]) => isStorable(name) && isStorable(member));
}
