import { Inject, Injectable } from '@nestjs/common';
import { Metrics } from '../../platform/telemetry/metrics.js';

const GRANTS: readonly unknown[] = ['authorization_code', 'refresh_token', 'client_credentials'];

/** What a request says may become a label only if it is one of these (RFC 6749 section 5.2, RFC 8707, RFC 9449, ours). */
const ERRORS: readonly unknown[] = [
  'invalid_request',
  'invalid_client',
  'invalid_grant',
  'unauthorized_client',
  'unsupported_grant_type',
  'invalid_scope',
  'invalid_target',
  'invalid_authorization_details',
  'invalid_dpop_proof',
  'use_dpop_nonce',
  'access_denied',
  'temporarily_unavailable',
  'server_error',
];

/** Counts what people and clients get from the authorization server. */
@Injectable()
export class AuthorizationMetrics {
  constructor(@Inject(Metrics) private readonly metrics: Metrics) {}

  /**
   * An answer of the token endpoint.
   *
   * @param grant `grant_type` as it was asked
   * @param error the OAuth error code; undefined when a token was issued
   */
  tokenAnswered(grant: unknown, error: unknown): void {
    this.metrics.tokenRequests.inc({
      grant: known(GRANTS, grant),
      outcome: error === undefined ? 'issued' : known(ERRORS, error),
    });
  }

  /** @param kind who was asked: `development` for the sign-in by name only */
  signedIn(kind: string, outcome: 'succeeded' | 'refused'): void {
    this.metrics.signIns.inc({ kind, outcome });
  }

  consented(outcome: 'allowed' | 'denied'): void {
    this.metrics.consents.inc({ outcome });
  }
}

function known(values: readonly unknown[], value: unknown): string {
  return typeof value === 'string' && values.includes(value) ? value : 'other';
}
