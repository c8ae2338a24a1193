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
    }
  /** No initial access token, where one is needed (RFC 6750 section 3: no error code then). */
  | { readonly kind: 'initial_access_token_missing' }
  /** A token that is unknown, expired, used up, revoked or of another realm. */
  | { readonly kind: 'initial_access_token_refused' }
  | { readonly kind: 'registration_closed' }
  /** Missing, wrong or foreign registration access token, or a client that is gone (M-01 to M-04). */
  | { readonly kind: 'registration_access_token_refused'; readonly presented: boolean }
  /** A suspended client may look but not touch (M-04). */
  | { readonly kind: 'client_suspended' };

/** RFC 7591 section 3.2.2 code for a denial: redirect URIs first. */
export function denialCode(
  violations: readonly PolicyFinding[],
): 'invalid_redirect_uri' | 'invalid_client_metadata' {
  return violations.some((violation) => violation.field === 'redirect_uris')
    ? 'invalid_redirect_uri'
    : 'invalid_client_metadata';
}
