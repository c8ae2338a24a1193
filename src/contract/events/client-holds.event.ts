import type { Sealed } from '../sealed.js';

/** A hold was placed; a client is suspended while it has at least one. */
export interface ClientSuspended {
  readonly client_id: string;
  readonly hold_id: string;
  readonly kind: 'operator' | 'document' | 'block' | 'stop';
  readonly reason: Sealed;
}

/** That hold was lifted; other holds stay. */
export interface ClientReinstated {
  readonly client_id: string;
  readonly hold_id: string;
  readonly reason: Sealed;
}
