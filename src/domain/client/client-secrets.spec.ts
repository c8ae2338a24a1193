import { describe, expect, test } from 'vitest';
import { aCredential } from '../../../test/support/client-events.js';
import { endingBy, isHalfOver, liveCredentials } from './client-secrets.js';

const NOON = '2026-11-23T12:00:00.000Z';
const now = Date.parse(NOON);

describe('R-69 K5 the live credentials', () => {
  test('are those that expire later, to the millisecond, and those that never do, in their order', () => {
    const later = aCredential('later', '2026-11-23T12:00:00.001Z');
    const never = aCredential('never');
    const over = aCredential('over', NOON);
    expect(liveCredentials([later, over, never], now)).toEqual([later, never]);
  });
});

describe('half of a life', () => {
  test.each([
    ['that ends at two is over at noon', '2026-11-23T14:00:00.000Z', true],
    ['that ends later is not', '2026-11-23T14:00:00.002Z', false],
    ['that has ended is', '2026-11-23T11:00:00.000Z', true],
    ['that never ends never is', null, false],
  ])('from ten o’clock %s', (_, end, over) => {
    expect(isHalfOver(aCredential('s', end), now)).toBe(over);
  });
});

describe('an end', () => {
  test('is brought forward, and never put off', () => {
    expect(endingBy(aCredential('s'), NOON).expires_at).toBe(NOON);
    expect(endingBy(aCredential('s', '2026-11-23T13:00:00.000Z'), NOON).expires_at).toBe(NOON);
    const sooner = aCredential('s', '2026-11-23T11:00:00.000Z');
    expect(endingBy(sooner, NOON)).toEqual(sooner);
  });
});
