import { describe, expect, test } from 'vitest';
import { A_FINDING, aCredential, aDecision, metadataWith } from '../../../test/support/client-events.js';
import { needsSecret, registerClient, type RegistrationAsk } from './register-client.js';

const asking = (overrides: Partial<RegistrationAsk> = {}): RegistrationAsk => ({
  client_id: 'c_1',
  channel: 'dynamic',
  metadata: metadataWith('none'),
  decision: aDecision('allow'),
  secret: null,
  registration_access_token: aCredential('rat_1'),
  initial_access_token: null,
  expires_at: null,
  ...overrides,
});

describe('a secret', () => {
  test.each([
    ['client_secret_basic', true],
    ['client_secret_post', true],
    ['none', false],
    ['private_key_jwt', false],
    ['tls_client_auth', false],
    ['a_method_nobody_registered', false],
  ])('for %s: %s', (method, needed) => {
    expect(needsSecret(metadataWith(method))).toBe(needed);
  });
});

describe('a registration', () => {
  test('that the policy allows is active at once and has nothing to review', () => {
    expect(registerClient(asking())).toEqual([
      {
        type: 'client.registered',
        data: {
          client_id: 'c_1',
          channel: 'dynamic',
          status: 'active',
          metadata: metadataWith('none'),
          secrets: [],
          registration_access_token: aCredential('rat_1'),
          initial_access_token: null,
          constraints: null,
          obligations: { token_lifetime: 300 },
          reviews: [],
          warnings: [],
          expires_at: null,
        },
      },
    ]);
  });

  test('that the policy wants reviewed is pending, and says why', () => {
    const [event] = registerClient(asking({ decision: aDecision('review') }));
    expect(event).toMatchObject({ data: { client_id: 'c_1', status: 'pending', reviews: [A_FINDING] } });
  });

  test.each(['review', 'deny'] as const)('with a decision to %s is never active', (outcome) => {
    const [event] = registerClient(asking({ decision: aDecision(outcome) }));
    expect(event).toMatchObject({ data: { status: 'pending' } });
  });

  test('M-27 with an initial access token keeps its limits', () => {
    const constraints = { scopes: ['mcp:tools'], redirect_hosts: ['app.example'] };
    const [event] = registerClient(asking({ initial_access_token: { id: 't_1', constraints } }));
    expect(event).toMatchObject({ data: { initial_access_token: 't_1', constraints } });
  });

  test('with a secret keeps its digest, and expires when it is told to', () => {
    const secret = aCredential('s_1');
    const [event] = registerClient(asking({ secret, expires_at: '2026-11-24T10:00:00.000Z' }));
    expect(event).toMatchObject({ data: { secrets: [secret], expires_at: '2026-11-24T10:00:00.000Z' } });
  });
});
