import type { Credential } from '../../contract/credential.js';
import { millisecondsOf } from '../../contract/timestamp.js';

/**
 * The credentials that have not expired, in their order.
 *
 * @param now milliseconds since the epoch, by the database's clock
 */
export function liveCredentials(credentials: readonly Credential[], now: number): readonly Credential[] {
  return credentials.filter(({ expires_at }) => expires_at === null || millisecondsOf(expires_at) > now);
}

/** Whether half of a credential's life is over: time for its successor, while both can be live. */
export function isHalfOver({ created_at, expires_at }: Credential, now: number): boolean {
  if (expires_at === null) return false;
  return now - millisecondsOf(created_at) >= millisecondsOf(expires_at) - now;
}

/** The same credential, good until `end` at most. */
export function endingBy(credential: Credential, end: string): Credential {
  const { expires_at } = credential;
  const sooner = expires_at !== null && millisecondsOf(expires_at) < millisecondsOf(end);
  return sooner ? credential : { ...credential, expires_at: end };
}
