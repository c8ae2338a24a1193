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
      return denied(rejection);
    case 'software_statement':
      return badRequest(rejection.error, rejection.description);
    case 'initial_access_token_insufficient': {
      const { description, field, reason } = rejection.rejection;
      return insufficient(`the initial access token does not allow this: ${description}`, { field, reason });
    }
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
    case 'idempotency_key_malformed':
      return badRequest('invalid_idempotency_key', rejection.description);
    case 'already_registered':
      return {
        status: 409,
        body: {
          error: 'already_registered',
          error_description: 'this request was answered before; its credentials are not shown again',
          client_id: rejection.clientId,
        },
        headers: {},
      };
    case 'idempotency_key_reused':
      return {
        status: 422,
        body: {
          error: 'idempotency_key_reused',
          error_description:
            'the Idempotency-Key was used with another body; a new registration needs a new key',
        },
        headers: {},
      };
    case 'client_suspended':
      return forbidden('access_denied', 'the client is suspended; only an operator can change it');
    case 'client_management_disabled':
      return forbidden('access_denied', 'clients do not manage their registration here; ask an operator');
    case 'if_match_malformed':
      return badRequest(
        'invalid_request',
        'If-Match must be * or a list of entity tags, each as an ETag header had it',
      );
    case 'registration_changed':
      return {
        status: 412,
        body: {
          error: 'precondition_failed',
          error_description: 'the registration is not what If-Match names; read it again',
        },
        headers: {},
      };
    case 'throttled':
      return throttled(rejection);
  }
}

function denied({
  violations,
  decisionId,
  beyondToken,
}: Extract<Rejection, { kind: 'denied_by_policy' }>): OAuthErrorAnswer {
  const described = violations.map((violation) => describeFinding(violation));
  const description = described.map((violation) => violation.message).join('; ');
  const text = `${description} (decision ${decisionId})`;
  const more = { policy_decision_id: decisionId, violations: described };
  return beyondToken ? insufficient(text, more) : badRequest(denialCode(violations), text, more);
}

function badRequest(error: string, description: string, more: object = {}): OAuthErrorAnswer {
  return { status: 400, body: { error, error_description: description, ...more }, headers: {} };
}

/** RFC 6750 section 3.1: the token is good, but not for this. */
function insufficient(description: string, more: object): OAuthErrorAnswer {
  const error = 'insufficient_scope';
  return {
    status: 403,
    body: { error, error_description: description, ...more },
    headers: { 'WWW-Authenticate': `Bearer error="${error}", error_description="${description}"` },
  };
}

function forbidden(error: string, description: string): OAuthErrorAnswer {
  return { status: 403, body: { error, error_description: description }, headers: {} };
}

/** RFC 6585 section 4. */
function throttled({
  limit,
  retryAfterSeconds,
}: Extract<Rejection, { kind: 'throttled' }>): OAuthErrorAnswer {
  const description =
    limit === 'capacity'
      ? 'there are too many clients here that nobody has used yet; try again later or with an initial access token'
      : `too many registrations; try again in ${retryAfterSeconds} seconds`;
  return {
    status: 429,
    body: { error: 'too_many_requests', error_description: description },
    headers: { 'Retry-After': String(retryAfterSeconds) },
  };
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
