import type { Credential } from '../credential.js';
import type { Sealed } from '../sealed.js';

/** An operator gave the client a new secret; those before it work until they expire, or no more. */
export interface ClientSecretRotated {
  readonly client_id: string;
  /** Every live secret from now on, newest last, digests only. */
  readonly secrets: readonly Credential[];
  readonly reason: Sealed;
}

/** From now on exactly this registration access token works; whatever worked before does not. */
export interface ClientRegistrationTokenRotated {
  readonly client_id: string;
  /** `operator`: a new token. `client`: the first use of the token that the last replacement handed out ended its grace. */
  readonly by: 'operator' | 'client';
  /** Digest only. */
  readonly registration_access_token: Credential;
  /** Operators say why; clients need not. */
  readonly reason: Sealed | null;
}
