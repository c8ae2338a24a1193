import type { UriFault } from './rejection/metadata-fault.js';

/** Longest URI accepted anywhere in client metadata, in characters. */
export const MAX_URI_LENGTH = 2048;

/** A URI split by RFC 3986; every part is a slice of the string that came in. */
export interface UriParts {
  /** Lower case, without the colon. */
  readonly scheme: string;
  /** Null without an authority, or with an empty one; IPv6 addresses in their brackets. */
  readonly host: string | null;
  readonly port: number | null;
  /** Empty, or beginning with a slash. */
  readonly path: string;
  readonly query: string | null;
  readonly fragment: string | null;
}

export type UriSplit =
  { readonly ok: true; readonly uri: UriParts } | { readonly ok: false; readonly fault: UriFault };

/** Schemes whose URIs always have a DNS name or an address as their host, and `/` as their least path. */
const WEB_SCHEMES: ReadonlySet<string> = new Set(['http', 'https']);
const WEB_ORIGIN = /^https?:\/\/[^/?#]+/;

const PRINTABLE_ASCII = /^[\x21-\x7e]*$/;
const SCHEME = /^([A-Za-z][A-Za-z0-9+.-]*):/;
/** RFC 3986 characters and whole percent-encodings, nothing that browsers would rewrite. */
const RFC_3986_CHARACTERS = /^(?:[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})*$/;
/** Brackets anywhere but in the authority, or a second number sign. */
const MISPLACED_DELIMITER = /^(?:\/\/[^/?#]*|(?!\/\/)[^/?#]*)[/?#].*[[\]]|#.*#/;
const ENCODED_CONTROL = /%(?:[01][0-9a-f]|7f)/i;
const AUTHORITY = /^(\[[0-9a-f:.]+\]|[A-Za-z0-9._-]+)(?::([1-9][0-9]{0,4}))?$/;
const DNS_NAME =
  /^(?=.{1,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*$/;
const MAX_PORT = 65_535;
const IP_ADDRESS = /^(?:\[.*\]|[0-9]{1,3}(?:\.[0-9]{1,3}){3})$/;
/** A path segment that a server might take for `.` or `..`, once decoded or rid of its parameters (`..;`, `%2e%2e`). */
const DOT_SEGMENT = /\/(?:\.|%2e){1,2}(?:$|\/|;|%3b)/i;
const ENCODED_SEPARATOR = /%(?:25)*(?:2f|5c)|%25(?:25)*2e/i;

/**
 * The scheme a string claims to have, in lower case; null for a relative reference. Says nothing about the rest.
 *
 * @param raw any string
 */
export function schemeOf(raw: string): string | null {
  return SCHEME.exec(raw)?.[1]?.toLowerCase() ?? null;
}

/** Tells an IP address from a DNS name. @param host a host from a split URI */
export function isIpAddress(host: string): boolean {
  return IP_ADDRESS.test(host);
}

/**
 * Splits an absolute hierarchical URI (RFC 3986), judging the string as it is. It is accepted only if it is already in the
 * form that a browser would turn it into (a missing `/` after the authority aside), and only if browsers and RFC 3986
 * agree about scheme, host, port and path: a URI that two readers can understand differently is refused (threat R2).
 * User information, path traversal and encoded control characters are refused for every scheme.
 *
 * @param raw the string as the client sent it, at most {@link MAX_URI_LENGTH} characters
 */
export function splitUri(raw: string): UriSplit {
  if (raw.length > MAX_URI_LENGTH) return refused('uri_too_long');
  if (!RFC_3986_CHARACTERS.test(raw))
    return refused(PRINTABLE_ASCII.test(raw) ? 'uri_malformed' : 'uri_not_ascii');
  const scheme = schemeOf(raw);
  if (scheme === null) return refused('uri_malformed');
  if (!raw.startsWith(scheme)) return refused('uri_not_canonical');

  const afterScheme = raw.slice(scheme.length + 1);
  if (MISPLACED_DELIMITER.test(afterScheme)) return refused('uri_malformed');
  const [beforeFragment, fragment] = cut(afterScheme, '#');
  const [hierarchy, query] = cut(beforeFragment, '?');
  const placed = hierarchy.startsWith('//')
    ? splitAuthority(hierarchy.slice(2), scheme)
    : withoutAuthority(hierarchy, scheme);
  if (typeof placed === 'string') return refused(placed);
  if (DOT_SEGMENT.test(placed.path)) return refused('uri_with_path_traversal');
  if (raw.includes('%')) {
    if (ENCODED_SEPARATOR.test(placed.path)) return refused('uri_with_path_traversal');
    if (ENCODED_CONTROL.test(raw)) return refused('uri_with_encoded_control');
  }
  const uri: UriParts = { scheme, ...placed, query, fragment };
  return readsTheSame(raw, uri) ? { ok: true, uri } : refused('uri_not_canonical');
}

type Place = Pick<UriParts, 'host' | 'port' | 'path'>;

function splitAuthority(rest: string, scheme: string): Place | UriFault {
  const slash = rest.indexOf('/');
  const authority = slash < 0 ? rest : rest.slice(0, slash);
  const path = slash < 0 ? '' : rest.slice(slash);
  if (authority.includes('@')) return 'uri_with_userinfo';
  if (authority === '')
    return WEB_SCHEMES.has(scheme) || path === '' ? 'uri_malformed' : { host: null, port: null, path };
  const match = AUTHORITY.exec(authority);
  if (!match?.[1] || Number(match[2] ?? 0) > MAX_PORT) return 'uri_malformed';
  const host = match[1];
  const isName = !isIpAddress(host);
  // Only web hosts are DNS names in lower case; in private-use URIs the host is whatever the application calls itself.
  if (isName && !DNS_NAME.test(WEB_SCHEMES.has(scheme) ? host : host.toLowerCase())) {
    return DNS_NAME.test(host.toLowerCase()) ? 'uri_not_canonical' : 'uri_malformed';
  }
  return { host, port: match[2] === undefined ? null : Number(match[2]), path };
}

/** `com.example.app:/callback`, the form of RFC 8252 section 7.1; never for the web schemes, never an opaque path. */
function withoutAuthority(path: string, scheme: string): Place | UriFault {
  return WEB_SCHEMES.has(scheme) || !path.startsWith('/')
    ? 'uri_malformed'
    : { host: null, port: null, path };
}

/** Whether the WHATWG parser leaves the string alone and finds the same parts. */
function readsTheSame(raw: string, uri: UriParts): boolean {
  let url: URL;
  try {
    url = new URL(raw);
  } catch {
    return false;
  }
  const path = uri.path === '' && WEB_SCHEMES.has(uri.scheme) ? '/' : uri.path;
  return (
    url.protocol === `${uri.scheme}:` &&
    url.hostname === (uri.host ?? '') &&
    url.port === (uri.port === null ? '' : String(uri.port)) &&
    url.pathname === path &&
    url.username === '' &&
    url.password === '' &&
    (url.href === raw || (path !== uri.path && url.href === raw.replace(WEB_ORIGIN, '$&/')))
  );
}

function cut(text: string, separator: string): [string, string | null] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, null] : [text.slice(0, at), text.slice(at + 1)];
}

function refused(fault: UriFault): UriSplit {
  return { ok: false, fault };
}
