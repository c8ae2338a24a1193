import { decodeJwt } from 'jose';

/** What is wrong with the way a client presents itself, before anybody looks the client up. */
export type AuthenticationFault = 'none' | 'several' | 'malformed' | 'contradictory';

/** Credentials in a Basic header are form-encoded (RFC 6749 section 2.3.1), printable ASCII, split at the first colon. */
const BASIC = /^Basic ([A-Za-z0-9+/]+={0,2})$/i;
const PRINTABLE = /^[\x20-\x7e]+$/;

/** RFC 7523 section 2.2. */
const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/**
 * Checks that a request to the token endpoint presents exactly one way of client authentication, well-formed. A
 * `client_id` in the body beside another way is no second one, as long as it is the same.
 *
 * @param authorization the Authorization header
 * @param form the body
 * @returns what to refuse with `invalid_client`; undefined when oidc-provider may go on
 */
export function authenticationFault(
  authorization: string | undefined,
  form: URLSearchParams,
): AuthenticationFault | undefined {
  const assertion = form.get('client_assertion') || undefined;
  const ways = [authorization, assertion, form.get('client_secret') || undefined];
  if (ways.filter((way) => way !== undefined).length > 1) return 'several';

  const named = form.get('client_id') || undefined;
  if (authorization === undefined && assertion === undefined) return named === undefined ? 'none' : undefined;
  const identifier =
    authorization === undefined ? assertionIdentifier(assertion!, form) : basicIdentifier(authorization);
  if (identifier === undefined) return 'malformed';
  return named === undefined || named === identifier ? undefined : 'contradictory';
}

const TEXTS: Readonly<Record<AuthenticationFault, string>> = {
  none: 'no client authentication in the request',
  several: 'use one way of client authentication, not several',
  malformed: 'the Authorization header or the client_assertion is malformed',
  contradictory: 'client_id in the body is not the client that authenticates',
};

/** The `error_description` of a fault (T-05). */
export function describeFault(fault: AuthenticationFault): string {
  return TEXTS[fault];
}

function basicIdentifier(authorization: string): string | undefined {
  const encoded = BASIC.exec(authorization)?.[1];
  if (encoded === undefined) return undefined;
  const canonical = Buffer.from(encoded, 'base64').toString('base64');
  if (encoded !== canonical && encoded !== canonical.replace(/={1,2}$/, '')) return undefined;
  const [identifier, ...secret] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
  try {
    const parts = [identifier ?? '', secret.join(':')].map((part) =>
      decodeURIComponent(part.replaceAll('+', '%20')),
    );
    return parts.every((part) => PRINTABLE.test(part)) ? parts[0] : undefined;
  } catch {
    return undefined;
  }
}

/** Only who it claims to be from; whether that is true is checked with the client's key. */
function assertionIdentifier(assertion: string, form: URLSearchParams): string | undefined {
  if (form.get('client_assertion_type') !== ASSERTION_TYPE) return undefined;
  try {
    const sub: unknown = decodeJwt(assertion).sub;
    return typeof sub === 'string' && PRINTABLE.test(sub) ? sub : undefined;
  } catch {
    return undefined;
  }
}
