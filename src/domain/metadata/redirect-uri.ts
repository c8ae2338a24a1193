import type { UriFault } from './rejection/metadata-fault.js';
import { schemeOf, splitUri, type UriParts } from './uri.js';

/** The only hosts that `http` may name, written exactly so. */
export const LOOPBACK_HOSTS: ReadonlySet<string> = new Set(['127.0.0.1', '[::1]', 'localhost']);

/** Never a redirect target, whatever an operator allows: they run script, read files or lead nowhere. */
const NEVER_REDIRECTED_TO: ReadonlySet<string> = new Set(
  'javascript data vbscript file filesystem blob about mailto ftp ws wss'.split(' '),
);

/**
 * Judges one redirect URI (R-41 to R-44, threats R1 and R2). `https` with any host, `http` on the three loopback hosts,
 * private-use schemes that contain a dot (RFC 8252 section 7.1), and those without one that the realm allows.
 *
 * @param raw the string as the client sent it
 * @param dotlessSchemes private-use schemes allowed without a dot, lower case
 * @returns the fault, or null for a URI that may be registered byte for byte
 */
export function redirectUriFault(raw: string, dotlessSchemes: readonly string[]): UriFault | null {
  const claimed = schemeOf(raw);
  if (claimed !== null && NEVER_REDIRECTED_TO.has(claimed)) return 'uri_scheme_refused';
  if (raw.includes('#')) return 'uri_with_fragment';
  if (raw.includes('*')) return 'uri_with_wildcard';
  const split = splitUri(raw);
  return split.ok ? schemeFault(split.uri, dotlessSchemes) : split.fault;
}

/** Whether the URI is `http` on a loopback host: the redirect of a native application (RFC 8252 section 7.3). */
export function isLoopback(uri: Pick<UriParts, 'scheme' | 'host'>): boolean {
  return uri.scheme === 'http' && uri.host !== null && LOOPBACK_HOSTS.has(uri.host);
}

/** Whether the scheme is one an application claims for itself, neither `https` nor `http`. */
export function isPrivateUse(uri: Pick<UriParts, 'scheme'>): boolean {
  return uri.scheme !== 'https' && uri.scheme !== 'http';
}

function schemeFault(uri: UriParts, dotlessSchemes: readonly string[]): UriFault | null {
  if (uri.scheme === 'https') return null;
  if (uri.scheme === 'http') return isLoopback(uri) ? null : 'uri_http_not_loopback';
  return uri.scheme.includes('.') || dotlessSchemes.includes(uri.scheme) ? null : 'uri_scheme_without_dot';
}
