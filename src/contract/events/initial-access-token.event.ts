import type { Credential } from '../credential.js';
import type { TokenConstraints } from '../policy.js';
import type { Sealed } from '../sealed.js';

/** An operator issued an initial access token (RFC 7591 section 1.2). */
export interface InitialAccessTokenIssued {
  readonly token_id: string;
  /** Digest and expiry. */
  readonly credential: Credential;
  /** How many registrations it is good for; null = unlimited. */
  readonly max_uses: number | null;
  readonly constraints: TokenConstraints;
  readonly reason: Sealed;
}

/** One use; recorded in the same transaction as the registration that it allowed. */
export interface InitialAccessTokenConsumed {
  readonly token_id: string;
  readonly client_id: string;
}

/** The token is dead from here on. */
export interface InitialAccessTokenRevoked {
  readonly token_id: string;
  readonly reason: Sealed;
}
