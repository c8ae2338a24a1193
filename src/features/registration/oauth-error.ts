import type { PolicyFinding } from '../../contract/policy.js';
import { describeFinding } from '../../domain/policy/finding-texts.js';
import { denialCode, type Rejection } from '../../domain/rejection.js';

/** A refusal as it goes on the wire (RFC 7591 section 3.2.2, RFC 6750 section 3). */
export interface OAuthErrorAnswer {
  readonly status: number;
  readonly body: object;
  readonly headers: Readonly<Record<string, string>>;
}

/** Maps every refusal to its OAuth error, in one place. */
export function oauthErrorAnswer(rejection: Rejection): OAuthErrorAnswer {
  switch (rejection.kind) {
    case 'malformed_body':
      return badRequest('invalid_client_metadata', rejection.description);
    case 'metadata': {
      const { error, description, field, reason } = rejection.rejection;
      return badRequest(error, description, { field, reason });
    }
    case 'denied_by_policy':
      return denied(rejection.violations, rejection.decisionId);
    case 'initial_access_token_missing':
      return unauthorized(null, 'registration here needs an initial access token');
    case 'initial_access_token_refused':
      return unauthorized(
        'invalid_token',
        'the initial access token is unknown, expired, used up or revoked',
      );
    case 'registration_access_token_refused':
      return rejection.presented
        ? unauthorized('invalid_token', 'the registration access token does not fit this client')
        : unauthorized(null, 'the registration access token of this client is needed');
    case 'registration_closed':
      return forbidden('registration_closed', 'clients are registered by an operator here');
    case 'client_suspended':
      return forbidden('access_denied', 'the client is suspended; only an operator can change it');
  }
}

function denied(violations: readonly PolicyFinding[], decisionId: string): OAuthErrorAnswer {
  const described = violations.map((violation) => describeFinding(violation));
  const description = described.map((violation) => violation.message).join('; ');
  return badRequest(denialCode(violations), `${description} (decision ${decisionId})`, {
    policy_decision_id: decisionId,
    violations: described,
  });
}

function badRequest(error: string, description: string, more: object = {}): OAuthErrorAnswer {
  return { status: 400, body: { error, error_description: description, ...more }, headers: {} };
}

function forbidden(error: string, description: string): OAuthErrorAnswer {
  return { status: 403, body: { error, error_description: description }, headers: {} };
}

/** RFC 6750 section 3.1: a request without any credential gets a challenge without an error code. */
function unauthorized(error: 'invalid_token' | null, description: string): OAuthErrorAnswer {
  return {
    status: 401,
    body: { error: error ?? 'invalid_token', error_description: description },
    headers: {
      'WWW-Authenticate':
        error === null ? 'Bearer' : `Bearer error="${error}", error_description="${description}"`,
    },
  };
}
