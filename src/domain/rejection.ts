import type { RegistrationThrottled } from '../contract/events/registration-throttled.event.js';
import type { PolicyFinding } from '../contract/policy.js';
import type { MetadataRejection } from './metadata/rejection/metadata-rejection.js';

/** Every expected refusal on the registration endpoints, with its evidence. One table maps them to OAuth errors. */
export type Rejection =
  | { readonly kind: 'metadata'; readonly rejection: MetadataRejection }
  | { readonly kind: 'malformed_body'; readonly description: string }
  | {
      readonly kind: 'denied_by_policy';
      readonly violations: readonly PolicyFinding[];
      readonly decisionId: string;
      /** Whether nothing but the constraints of the presented initial access token stands against the request. */
      readonly beyondToken?: boolean;
    }
  /** A software statement that is not to be believed, or not here (RFC 7591 section 3.2.2). */
  | {
      readonly kind: 'software_statement';
      readonly error: 'invalid_software_statement' | 'unapproved_software_statement';
      /** Printable ASCII without `"` and `\`, and nothing of what the statement says. */
      readonly description: string;
    }
  /** No initial access token, where one is needed (RFC 6750 section 3: no error code then). */
  | { readonly kind: 'initial_access_token_missing' }
  /** A token that is unknown, expired, used up, revoked or of another realm. */
  | { readonly kind: 'initial_access_token_refused' }
  /** Good metadata, and more than the token allows: another token is needed (RFC 6750 section 3.1). */
  | { readonly kind: 'initial_access_token_insufficient'; readonly rejection: MetadataRejection }
  | { readonly kind: 'registration_closed' }
  /** Missing, wrong or foreign registration access token, or a client that is gone (M-01 to M-04). */
  | { readonly kind: 'registration_access_token_refused'; readonly presented: boolean }
  | { readonly kind: 'idempotency_key_malformed'; readonly description: string }
  /** The same registration with the same Idempotency-Key made this client before. */
  | { readonly kind: 'already_registered'; readonly clientId: string }
  /** Another registration had that Idempotency-Key. */
  | { readonly kind: 'idempotency_key_reused' }
  /** A suspended client may look but not touch (M-04). */
  | { readonly kind: 'client_suspended' }
  /** The client is who it says, and clients do not manage themselves in this realm. */
  | { readonly kind: 'client_management_disabled' }
  | { readonly kind: 'if_match_malformed' }
  /** None of the entity tags in If-Match is the registration's (M-28). */
  | { readonly kind: 'registration_changed' }
  /** Over a rate limit or over the capacity (R-09, D-5); the policy was not asked. */
  | { readonly kind: 'throttled'; readonly limit: ThrottlingLimit; readonly retryAfterSeconds: number };

/** What turned a registration away. */
export type ThrottlingLimit = Exclude<RegistrationThrottled['limit'], 'others'>;

/** RFC 7591 section 3.2.2 code for a denial: redirect URIs first. */
export function denialCode(
  violations: readonly PolicyFinding[],
): 'invalid_redirect_uri' | 'invalid_client_metadata' {
  return violations.some((violation) => violation.field === 'redirect_uris')
    ? 'invalid_redirect_uri'
    : 'invalid_client_metadata';
}

/**
 * Whether all that speaks against a registration is what its initial access token allows: with another one it would pass,
 * so that it is the token that lacks the right (RFC 6750 section 3.1), not the request that is wrong.
 */
export function isBeyondToken(violations: readonly PolicyFinding[]): boolean {
  return violations.length > 0 && violations.every(({ rule }) => rule === 'token_constraints');
}
