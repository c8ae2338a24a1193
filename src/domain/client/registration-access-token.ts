import type { Credential, RegistrationAccessToken } from '../../contract/credential.js';
import { endingBy } from './client-secrets.js';

/** What becomes of the registration access token when the client replaces its metadata. */
export interface TokenRotation {
  /** The live token that the client presented: the current one, or, within its grace, the one before. */
  readonly presented: Credential;
  /** The new token; null where the realm does not rotate. */
  readonly fresh: Credential | null;
  /** RFC 3339: until when the presented token may stay beside the new one; null = not at all. */
  readonly grace_ends_at: string | null;
}

/**
 * The token after a replacement (D-6, M-09). A grace is never prolonged: a client that never hears an answer has the
 * same seconds in all.
 */
export function registrationAccessTokenAfter({
  presented,
  fresh,
  grace_ends_at,
}: TokenRotation): RegistrationAccessToken {
  const { id, alg, digest, created_at, expires_at } = presented;
  const kept = { id, alg, digest, created_at };
  if (!fresh) return { ...kept, expires_at: null };
  if (grace_ends_at === null) return fresh;
  return { ...fresh, replaces: endingBy({ ...kept, expires_at }, grace_ends_at) };
}
