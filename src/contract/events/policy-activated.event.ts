import type { Sealed } from '../sealed.js';

/** From this event on, this bundle judges the realm's new requests. */
export interface PolicyActivated {
  /** SHA-256 of the bundle file, hex. */
  readonly bundle_digest: string;
  readonly revision: string;
  /** What judged until now; null for the realm's first policy. */
  readonly previous_digest: string | null;
  /** Operators say why; null at first start. */
  readonly reason: Sealed | null;
}
