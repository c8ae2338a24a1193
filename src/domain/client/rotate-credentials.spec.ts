import { describe, expect, test } from 'vitest';
import { A_SEALED, aClientState, aCredential, metadataWith } from '../../../test/support/client-events.js';
import type { NewEvent } from '../../contract/events/index.js';
import type { ClientState } from './client-state.js';
import type { IntentOutcome } from './client-intents.js';
import {
  MOST_LIVE_SECRETS,
  rotateRegistrationAccessToken,
  rotateSecret,
  type SecretRotation,
} from './rotate-credentials.js';

const NOON = '2026-11-23T12:00:00.000Z';
const fresh = aCredential('fresh');
const ask: SecretRotation = {
  reason: A_SEALED,
  version: null,
  now: Date.parse('2026-11-23T11:00:00.000Z'),
  secret: fresh,
  overlap_ends_at: null,
};
const machine = (state: Partial<ClientState> = {}) => ({
  state: aClientState({ metadata: metadataWith('client_secret_basic'), ...state }),
  version: 3,
});
const secretsAfter = (outcome: IntentOutcome) => {
  if ('refusal' in outcome) throw new Error(outcome.refusal.reason);
  return (outcome.events as readonly NewEvent<'client.secret_rotated'>[])[0]!.data.secrets;
};

describe('a new secret from an operator', () => {
  const forever = aCredential('forever');
  const sooner = aCredential('sooner', '2026-11-23T11:30:00.000Z');
  const expired = aCredential('expired', '2026-11-23T11:00:00.000Z');
  const client = machine({ secrets: [expired, forever, sooner] });

  test('ends every other at once', () => {
    expect(secretsAfter(rotateSecret(client, ask))).toEqual([fresh]);
  });

  test('R-69 lets the live ones overlap, none longer than it had, and comes last', () => {
    expect(secretsAfter(rotateSecret(client, { ...ask, overlap_ends_at: NOON }))).toEqual([
      { ...forever, expires_at: NOON },
      sooner,
      fresh,
    ]);
  });

  test.each(['none', 'private_key_jwt'])('is refused where the client authenticates with %s', (method) => {
    expect(rotateSecret(machine({ metadata: metadataWith(method) }), ask)).toEqual({
      refusal: { reason: 'no_client_secret', method },
    });
  });

  test('is refused where too many would be live', () => {
    const secrets = Array.from({ length: MOST_LIVE_SECRETS }, (_, n) => aCredential(`s_${n}`));
    expect(rotateSecret(machine({ secrets }), { ...ask, overlap_ends_at: NOON })).toEqual({
      refusal: { reason: 'too_many_secrets', live: MOST_LIVE_SECRETS },
    });
    expect(secretsAfter(rotateSecret(machine({ secrets }), ask))).toEqual([fresh]);
  });
});

describe('a new registration access token from an operator', () => {
  const token = { ...ask, registration_access_token: fresh, client_management: true };

  test('is the only one that works', () => {
    const lost = { ...aCredential('lost'), replaces: aCredential('older', NOON) };
    expect(rotateRegistrationAccessToken(machine({ registration_access_token: lost }), token)).toEqual({
      events: [
        {
          type: 'client.registration_token_rotated',
          data: {
            client_id: 'c_1',
            by: 'operator',
            registration_access_token: fresh,
            reason: A_SEALED,
          },
        },
      ],
    });
  });

  test.each([
    ['where clients do not manage themselves', machine(), { ...token, client_management: false }],
    ['for a metadata document', machine({ channel: 'document' }), token],
  ])('is refused %s', (_, client, asked) => {
    expect(rotateRegistrationAccessToken(client, asked)).toEqual({
      refusal: { reason: 'not_managed_by_itself' },
    });
  });
});

describe('either', () => {
  test.each([
    ['nobody registered', undefined, 'client_not_found'],
    ['is denied', machine({ status: 'denied' }), 'client_not_found'],
    ['has expired', machine({ expires_at: '2026-11-23T11:00:00.000Z' }), 'client_not_found'],
    ['has moved on', machine(), 'version_moved'],
  ])('is refused for a client that %s', (_, client, reason) => {
    const asked = { ...ask, version: 2, registration_access_token: fresh, client_management: true };
    for (const outcome of [rotateSecret(client, asked), rotateRegistrationAccessToken(client, asked)])
      expect(outcome).toMatchObject({ refusal: { reason } });
  });
});
