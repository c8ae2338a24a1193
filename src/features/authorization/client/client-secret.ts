import type { Credential } from '../../../contract/credential.js';
import { matchesCredential } from '../../../platform/crypto/credentials.js';

/**
 * Tells whether a presented client secret is one of the live ones. Every one is compared, whatever the first says, and one
 * that nobody has where there is none: an unknown client costs what a wrong secret costs (K1).
 *
 * @param presented the secret as received
 * @param secrets the client's credentials; several are live while a secret is rotated
 * @param now milliseconds since the epoch; an expired secret never matches
 */
export function secretMatches(presented: string, secrets: readonly Credential[], now: number): boolean {
  const candidates = secrets.length > 0 ? secrets : [null];
  return candidates.filter((credential) => matchesCredential(presented, credential, now)).length > 0;
}
