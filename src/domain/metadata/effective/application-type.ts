import { schemeOf, splitUri } from '../uri.js';

/**
 * What an omitted `application_type` becomes: `native` as soon as one redirect URI is loopback or private-use, which no
 * website has. OpenID Connect's default, always `web`, would refuse every desktop client that leaves it out (T-04).
 *
 * @param redirectUris accepted ones: https, http on loopback, or private-use
 */
export function inferredApplicationType(redirectUris: readonly string[]): 'web' | 'native' {
  return redirectUris.every((uri) => schemeOf(uri) === 'https') ? 'web' : 'native';
}

/**
 * Whether redirect URIs may receive tokens in the front channel: https, and never on localhost.
 *
 * @param redirectUris accepted ones
 */
export function areFitForImplicit(redirectUris: readonly string[]): boolean {
  return redirectUris.every((raw) => {
    const split = splitUri(raw);
    return split.ok && split.uri.scheme === 'https' && split.uri.host !== 'localhost';
  });
}
