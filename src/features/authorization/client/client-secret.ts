import type { Credential } from '../../../contract/credential.js';
import { equalsCredential } from '../../../platform/crypto/credentials.js';

/**
 * Tells whether a presented client secret is one of the live ones. Every one is compared, whatever the first says, and one
 * that nobody has where there is none: an unknown client costs what a wrong secret costs (K1).
 *
 * @param presented the secret as received
 * @param secrets the client's live secrets; several while a secret is rotated
 */
export function secretMatches(presented: string, secrets: readonly Credential[]): boolean {
  const candidates = secrets.length > 0 ? secrets : [null];
  return candidates.filter((credential) => equalsCredential(presented, credential)).length > 0;
}
