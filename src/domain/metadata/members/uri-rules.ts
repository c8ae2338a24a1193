import type { UriFault } from '../rejection/metadata-fault.js';
import type { UriRule } from '../metadata-table.js';
import type { ServerCapabilities } from '../parse-options.js';
import { redirectUriFault } from '../redirect-uri.js';
import { isIpAddress, schemeOf, splitUri } from '../uri.js';

const WEB: ReadonlySet<string> = new Set(['https', 'http']);

/**
 * The judge of each kind of URI: the fault, or null. Every URI of every channel passes here (threat P6); none is fetched
 * (R-13).
 */
export const URI_RULES: Readonly<
  Record<UriRule, (raw: string, server: ServerCapabilities) => UriFault | null>
> = {
  redirect: (raw, server) => redirectUriFault(raw, server.dotless_schemes),
  post_logout: postLogoutFault,
  web_page: webPageFault,
  jwks: jwksUriFault,
  certificate: certificateUriFault,
};

/** Where a browser goes after it signed out: like a redirect URI, and never to an application's own scheme. */
function postLogoutFault(raw: string): UriFault | null {
  const fault = redirectUriFault(raw, []);
  if (fault === 'uri_scheme_without_dot') return 'uri_not_https';
  return fault ?? (WEB.has(schemeOf(raw) ?? '') ? null : 'uri_not_https');
}

/** A name in a certificate, such as `spiffe://a.example/x`: compared, never followed. Of any scheme that runs no script. */
function certificateUriFault(raw: string): UriFault | null {
  const fault = redirectUriFault(raw, [schemeOf(raw) ?? '']);
  return fault === 'uri_http_not_loopback' ? null : fault;
}

/** A page or picture for people: http or https, so that no link can run script. A fragment is a place in a page. */
function webPageFault(raw: string): UriFault | null {
  const scheme = schemeOf(raw);
  if (scheme !== null && scheme !== 'https' && scheme !== 'http') return 'uri_scheme_refused';
  const split = splitUri(raw);
  return split.ok ? null : split.fault;
}

/** A key set that the guarded fetcher may read at use time: https, and a name rather than an address. */
function jwksUriFault(raw: string): UriFault | null {
  if (raw.includes('#')) return 'uri_with_fragment';
  const scheme = schemeOf(raw);
  if (scheme !== null && scheme !== 'https') return 'uri_not_https';
  const split = splitUri(raw);
  if (!split.ok) return split.fault;
  return split.uri.host === null || isIpAddress(split.uri.host) ? 'uri_host_is_ip_address' : null;
}
