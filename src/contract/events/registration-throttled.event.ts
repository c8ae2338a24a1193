import type { Sealed } from '../sealed.js';

/**
 * Registrations that were over a limit within about a minute, counted together: they were answered 429 and never reached
 * the policy. Whatever did reach it has an event of its own, always.
 */
export interface RegistrationThrottled {
  /** `others`: what did not fit into the minute's separate counts. */
  readonly limit:
    | 'address'
    | 'same_request'
    | 'redirect_host'
    | 'software'
    | 'body'
    | 'initial_access_token'
    | 'capacity'
    | 'others';
  /** What the limit counts by, e.g. the address (sealed) or the host; null where there is nothing to name. */
  readonly key: string | Sealed | null;
  /** How many were turned away. */
  readonly requests: number;
  /** RFC 3339: the first and the last of them. */
  readonly first_at: string;
  readonly last_at: string;
}
