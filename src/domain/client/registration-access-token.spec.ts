import { describe, expect, test } from 'vitest';
import { aCredential } from '../../../test/support/client-events.js';
import { registrationAccessTokenAfter } from './registration-access-token.js';

const presented = aCredential('presented');
const fresh = aCredential('fresh');
const NOON = '2026-11-23T12:00:00.000Z';

describe('the registration access token after a replacement', () => {
  test('D-6 is the fresh one alone', () => {
    expect(registrationAccessTokenAfter({ presented, fresh, grace_ends_at: null })).toEqual(fresh);
  });

  test('M-09 keeps the one before beside it for the grace', () => {
    expect(registrationAccessTokenAfter({ presented, fresh, grace_ends_at: NOON })).toEqual({
      ...fresh,
      replaces: { ...presented, expires_at: NOON },
    });
  });

  test('M-09 gives a token that lives by grace no more of it', () => {
    const end = '2026-11-23T11:59:59.000Z';
    const token = registrationAccessTokenAfter({
      presented: aCredential('presented', end),
      fresh,
      grace_ends_at: NOON,
    });
    expect(token.replaces?.expires_at).toBe(end);
  });

  test('keeps no chain of tokens: what the presented one replaced is gone', () => {
    const chained = { ...presented, replaces: aCredential('older', NOON) };
    for (const rotation of [
      { presented: chained, fresh, grace_ends_at: NOON },
      { presented: chained, fresh: null, grace_ends_at: NOON },
    ])
      expect(JSON.stringify(registrationAccessTokenAfter(rotation))).not.toContain('older');
  });

  test('M-07 is the presented one for good where the realm does not rotate', () => {
    const byGrace = aCredential('presented', NOON);
    expect(registrationAccessTokenAfter({ presented: byGrace, fresh: null, grace_ends_at: NOON })).toEqual(
      presented,
    );
  });
});
