import type { Sealed } from '../sealed.js';

/** A realm got a new signing key, and with it a new key for its cookies. Key material is never in an event. */
export interface RealmKeysRotated {
  readonly name: string;
  /**
   * `scheduled`: the keys before go on verifying until everything they signed has expired. `immediate`: they are gone at
   * once, and with them every access token and every session of the realm.
   */
  readonly mode: 'scheduled' | 'immediate';
  /** Id of the new signing key in the realm's JWKS (RFC 7638 thumbprint). */
  readonly kid: string;
  /** From when on it signs: RFC 3339. It is in the JWKS from this event on. */
  readonly activates_at: string;
  /** Ids of the keys whose place it takes. */
  readonly replaced: readonly string[];
  /** Operators may say why. */
  readonly reason: Sealed | null;
}

/** Every stored key was wrapped anew under another master key. The keys themselves stay what they are. */
export interface MasterKeyRotated {
  /** How many keys of each kind were wrapped anew. */
  readonly sealing_keys: number;
  readonly signing_keys: number;
  readonly cookie_keys: number;
  /** Operators may say why. */
  readonly reason: Sealed | null;
}
