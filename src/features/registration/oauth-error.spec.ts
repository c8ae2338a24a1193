import { describe, expect, test } from 'vitest';
import { A_FINDING } from '../../../test/support/client-events.js';
import { rejection } from '../../domain/metadata/rejection/metadata-rejection.js';
import type { Rejection } from '../../domain/rejection.js';
import { oauthErrorAnswer } from './oauth-error.js';

const aboutGrants = { rule: 'grant_types', code: 'grant_type_not_allowed', field: 'grant_types' };
const every: [string, Rejection, number, string][] = [
  ['a malformed body', { kind: 'malformed_body', description: 'no JSON' }, 400, 'invalid_client_metadata'],
  [
    'a redirect URI that is refused',
    { kind: 'metadata', rejection: rejection('uri_with_fragment', 'redirect_uris', 0) },
    400,
    'invalid_redirect_uri',
  ],
  [
    'another member that is refused',
    { kind: 'metadata', rejection: rejection('wrong_type', 'client_name') },
    400,
    'invalid_client_metadata',
  ],
  [
    'a denial about a redirect URI',
    { kind: 'denied_by_policy', violations: [A_FINDING], decisionId: 'd_1' },
    400,
    'invalid_redirect_uri',
  ],
  [
    'a denial about something else',
    {
      kind: 'denied_by_policy',
      violations: [{ ...aboutGrants, params: { grant_type: 'implicit' } }],
      decisionId: 'd_1',
    },
    400,
    'invalid_client_metadata',
  ],
  [
    'a software statement that is not genuine',
    { kind: 'software_statement', error: 'invalid_software_statement', description: 'not signed' },
    400,
    'invalid_software_statement',
  ],
  [
    'a software statement that does not count here',
    { kind: 'software_statement', error: 'unapproved_software_statement', description: 'not trusted' },
    400,
    'unapproved_software_statement',
  ],
  [
    'R-10 metadata beyond the initial access token',
    {
      kind: 'initial_access_token_insufficient',
      rejection: rejection('grant_types_unsupported', 'grant_types'),
    },
    403,
    'insufficient_scope',
  ],
  [
    'R-10 a denial because of the initial access token alone',
    { kind: 'denied_by_policy', violations: [A_FINDING], decisionId: 'd_1', beyondToken: true },
    403,
    'insufficient_scope',
  ],
  ['a missing initial access token', { kind: 'initial_access_token_missing' }, 401, 'invalid_token'],
  ['a refused initial access token', { kind: 'initial_access_token_refused' }, 401, 'invalid_token'],
  [
    'a missing registration access token',
    { kind: 'registration_access_token_refused', presented: false },
    401,
    'invalid_token',
  ],
  [
    'a refused registration access token',
    { kind: 'registration_access_token_refused', presented: true },
    401,
    'invalid_token',
  ],
  ['a closed realm', { kind: 'registration_closed' }, 403, 'registration_closed'],
  [
    'an Idempotency-Key that is none',
    { kind: 'idempotency_key_malformed', description: 'one key' },
    400,
    'invalid_idempotency_key',
  ],
  ['a repeated request', { kind: 'already_registered', clientId: 'c_1' }, 409, 'already_registered'],
  ['a reused Idempotency-Key', { kind: 'idempotency_key_reused' }, 422, 'idempotency_key_reused'],
  ['a suspended client', { kind: 'client_suspended' }, 403, 'access_denied'],
  ['a realm without self-management', { kind: 'client_management_disabled' }, 403, 'access_denied'],
  ['an If-Match that is none', { kind: 'if_match_malformed' }, 400, 'invalid_request'],
  ['an If-Match of another version', { kind: 'registration_changed' }, 412, 'precondition_failed'],
];

describe('the answer to', () => {
  test.each(every)('R-70 %s', (_, refused, status, error) => {
    const answer = oauthErrorAnswer(refused);
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({ error });
    const { error_description } = answer.body as { error_description: string };
    expect(error_description).toMatch(/^[\x20\x21\x23-\x5b\x5d-\x7e]+$/);
    const isAboutToken = status === 401 || error === 'insufficient_scope';
    expect('WWW-Authenticate' in answer.headers).toBe(isAboutToken);
  });

  test.each<Rejection>([
    { kind: 'initial_access_token_missing' },
    { kind: 'registration_access_token_refused', presented: false },
  ])('a request without a token (%j) is a challenge without an error (RFC 6750 section 3.1)', (refused) => {
    expect(oauthErrorAnswer(refused).headers).toEqual({ 'WWW-Authenticate': 'Bearer' });
  });

  test.each<Rejection>([
    { kind: 'initial_access_token_refused' },
    { kind: 'registration_access_token_refused', presented: true },
  ])('a request with a wrong token (%j) is a challenge that says so', (refused) => {
    expect(oauthErrorAnswer(refused).headers['WWW-Authenticate']).toMatch(
      /^Bearer error="invalid_token", error_description="[^"\\]+"$/,
    );
  });

  test('a denial names every violation, and the decision to ask an operator about', () => {
    const violations = [
      { ...A_FINDING, params: { host: 'evil.example', internal: 'canary' } },
      { ...aboutGrants, params: {} },
    ];
    const { body } = oauthErrorAnswer({ kind: 'denied_by_policy', violations, decisionId: 'd_1' });
    expect(body).toMatchObject({
      policy_decision_id: 'd_1',
      violations: [
        {
          rule: 'redirect_hosts',
          code: 'redirect_host_unknown',
          field: 'redirect_uris',
          params: { host: 'evil.example' },
        },
        { rule: 'grant_types', code: 'grant_type_not_allowed', field: 'grant_types', params: {} },
      ],
    });
    expect(body).toHaveProperty('error_description', expect.stringContaining('evil.example'));
    expect(JSON.stringify(body)).not.toContain('canary');
  });
});
