/** A URI as RFC 3986 appendix A reads it; null where a component is absent, which is not the same as empty. */
export interface Rfc3986Uri {
  readonly scheme: string;
  readonly userinfo: string | null;
  readonly host: string | null;
  readonly port: string | null;
  readonly path: string;
  readonly query: string | null;
  readonly fragment: string | null;
}

const UNRESERVED = '[A-Za-z0-9\\-._~]';
const PERCENT_ENCODED = '%[0-9A-Fa-f]{2}';
const SUB_DELIMITER = "[!$&'()*+,;=]";
const PCHAR = `(?:${UNRESERVED}|${PERCENT_ENCODED}|${SUB_DELIMITER}|[:@])`;

const DECIMAL_OCTET = '(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])';
const IPV4 = `${DECIMAL_OCTET}(?:\\.${DECIMAL_OCTET}){3}`;
const H16 = '[0-9A-Fa-f]{1,4}';
const LS32 = `(?:${H16}:${H16}|${IPV4})`;
const IPV6 = [
  `(?:${H16}:){6}${LS32}`,
  `::(?:${H16}:){5}${LS32}`,
  `(?:${H16})?::(?:${H16}:){4}${LS32}`,
  `(?:(?:${H16}:){0,1}${H16})?::(?:${H16}:){3}${LS32}`,
  `(?:(?:${H16}:){0,2}${H16})?::(?:${H16}:){2}${LS32}`,
  `(?:(?:${H16}:){0,3}${H16})?::${H16}:${LS32}`,
  `(?:(?:${H16}:){0,4}${H16})?::${LS32}`,
  `(?:(?:${H16}:){0,5}${H16})?::${H16}`,
  `(?:(?:${H16}:){0,6}${H16})?::`,
].join('|');
const IPV_FUTURE = `v[0-9A-Fa-f]+\\.(?:${UNRESERVED}|${SUB_DELIMITER}|:)+`;
const REG_NAME = `(?:${UNRESERVED}|${PERCENT_ENCODED}|${SUB_DELIMITER})*`;

const USERINFO = `(?:${UNRESERVED}|${PERCENT_ENCODED}|${SUB_DELIMITER}|:)*`;
const HOST = `\\[(?:${IPV6}|${IPV_FUTURE})\\]|${REG_NAME}`;
const AUTHORITY = `(?:(?<userinfo>${USERINFO})@)?(?<host>${HOST})(?::(?<port>[0-9]*))?`;
const WITH_AUTHORITY = `//${AUTHORITY}(?<abempty>(?:/${PCHAR}*)*)`;
const WITHOUT_AUTHORITY = `(?<path>/(?:${PCHAR}+(?:/${PCHAR}*)*)?|${PCHAR}+(?:/${PCHAR}*)*|)`;

const URI = new RegExp(
  `^(?<scheme>[A-Za-z][A-Za-z0-9+.\\-]*):(?:${WITH_AUTHORITY}|${WITHOUT_AUTHORITY})` +
    `(?:\\?(?<query>(?:${PCHAR}|[/?])*))?(?:#(?<fragment>(?:${PCHAR}|[/?])*))?$`,
  'u',
);

/**
 * Reads a URI strictly by the ABNF of RFC 3986 appendix A, rule by rule, correcting and normalising nothing: the second
 * opinion beside the browsers' parser.
 *
 * @returns null for a string that is no URI
 */
export function parseRfc3986(text: string): Rfc3986Uri | null {
  const parts = URI.exec(text)?.groups;
  if (!parts) return null;
  return {
    scheme: parts['scheme']!,
    userinfo: parts['userinfo'] ?? null,
    host: parts['host'] ?? null,
    port: parts['port'] ?? null,
    path: parts['abempty'] ?? parts['path'] ?? '',
    query: parts['query'] ?? null,
    fragment: parts['fragment'] ?? null,
  };
}
