/** An `http` URI on one of the three loopback hosts: everything before the port, the port, everything after it. */
const LOOPBACK_REDIRECT =
  /^(http:\/\/(?:127\.0\.0\.1|\[::1\]|localhost))(?::([1-9][0-9]{0,4}))?((?:[/?][\x21-\x7e]*)?)$/;

/**
 * Tells whether a redirect URI of an authorization request is a registered one. Byte for byte (R-46, RFC 9700 section
 * 2.1), except that the port of an `http` loopback URI is the client's to choose at run time (R-47, RFC 8252 section 7.3;
 * R-48 extends it to `localhost`). The three hosts never stand for one another.
 *
 * @param registered a URI that registration accepted
 * @param requested the `redirect_uri` parameter as received
 */
export function matchRedirectUri(registered: string, requested: string): boolean {
  if (registered === requested) return true;
  const anyPort = withoutLoopbackPort(registered);
  return anyPort !== null && anyPort === withoutLoopbackPort(requested);
}

function withoutLoopbackPort(uri: string): string | null {
  const match = LOOPBACK_REDIRECT.exec(uri);
  if (!match || Number(match[2] ?? 0) > 65_535) return null;
  return `${match[1]}${match[3]}`;
}
