import type { Sealed } from '../sealed.js';

/** The client is gone for good, with its secrets and its registration access token; its client_id is never reissued. */
export interface ClientDeleted {
  readonly client_id: string;
  /** `client`: RFC 7592 section 2.3. `operator`: through the admin API. */
  readonly by: 'client' | 'operator';
  /** Operators say why; clients need not. */
  readonly reason: Sealed | null;
}
