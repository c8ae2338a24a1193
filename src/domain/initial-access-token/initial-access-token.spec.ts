import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { A_SEALED, aCredential, recorded } from '../../../test/support/client-events.js';
import { clientRegistered } from '../../../test/support/event-builders.js';
import type { NewEvent } from '../../contract/events/index.js';
import { isUsable, projectInitialAccessToken, type InitialAccessTokenState } from './initial-access-token.js';

const NOW = Date.parse('2026-11-23T12:00:00.000Z');
const issued: NewEvent = {
  type: 'initial_access_token.issued',
  data: {
    token_id: 't_1',
    credential: aCredential('t_1', '2026-11-24T10:00:00.000Z'),
    max_uses: 3,
    constraints: { scopes: ['mcp:tools'] },
    reason: A_SEALED,
  },
};
const consumed: NewEvent = {
  type: 'initial_access_token.consumed',
  data: { token_id: 't_1', client_id: 'c_1' },
};
const revoked: NewEvent = {
  type: 'initial_access_token.revoked',
  data: { token_id: 't_1', reason: A_SEALED },
};
const fold = (...events: readonly NewEvent[]): InitialAccessTokenState | undefined =>
  events.reduce<InitialAccessTokenState | undefined>(
    (state, event) => projectInitialAccessToken(state, recorded(event, { realm: 'payroll' })),
    undefined,
  );

describe('a token', () => {
  test('that was issued is unused and belongs to the realm of its event', () => {
    expect(fold(issued)).toEqual({
      token_id: 't_1',
      realm: 'payroll',
      credential: aCredential('t_1', '2026-11-24T10:00:00.000Z'),
      max_uses: 3,
      uses: 0,
      constraints: { scopes: ['mcp:tools'] },
      revoked: false,
      issued_at: '2026-11-23T10:00:00.000Z',
    });
  });

  test('has as many uses as it was consumed, and stays revoked once it is', () => {
    const event = fc.constantFrom(consumed, revoked, clientRegistered('c_1'));
    fc.assert(
      fc.property(fc.array(event), (events) => {
        expect(fold(issued, ...events)).toEqual({
          ...fold(issued),
          uses: events.filter((each) => each === consumed).length,
          revoked: events.includes(revoked),
        });
      }),
    );
  });

  test('is nothing before it was issued', () => {
    expect(fold(consumed, revoked)).toBeUndefined();
  });
});

describe('whether a token may be used once more', () => {
  const expiring = (expires_at: string | null) => ({ credential: aCredential('t_1', expires_at) });
  test.each<[string, Partial<InitialAccessTokenState>, boolean]>([
    ['fresh', {}, true],
    ['with one use left', { uses: 2 }, true],
    ['with no use left', { uses: 3 }, false],
    ['used more often than it should have been', { uses: 4 }, false],
    ['without a limit, used a million times', { max_uses: null, uses: 1_000_000 }, true],
    ['revoked', { revoked: true }, false],
    ['revoked, without limit or expiry', { revoked: true, max_uses: null, ...expiring(null) }, false],
    ['of another realm', { realm: 'default' }, false],
    ['expiring in a millisecond', expiring('2026-11-23T12:00:00.001Z'), true],
    ['expiring now', expiring('2026-11-23T12:00:00.000Z'), false],
    ['expired', expiring('2026-11-23T11:59:59.999Z'), false],
    ['that never expires', expiring(null), true],
    ['whose expiry cannot be read', expiring('soon'), false],
  ])('%s', (_, overrides, usable) => {
    expect(isUsable({ ...fold(issued)!, ...overrides }, 'payroll', NOW)).toBe(usable);
  });
});
