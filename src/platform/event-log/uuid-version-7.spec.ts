import { describe, expect, test } from 'vitest';
import { uuidVersion7 } from './uuid-version-7.js';

describe('a UUID version 7', () => {
  test('has the form of RFC 9562, version 7 and variant 10', () => {
    for (let n = 0; n < 1_000; n++) {
      expect(uuidVersion7()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    }
  });

  test.each([
    [0, '00000000-0000-7'],
    [1_645_557_742_000, '017f22e2-79b0-7'],
    [2 ** 48 - 1, 'ffffffff-ffff-7'],
  ])('of the millisecond %i begins with %s', (now, prefix) => {
    expect(uuidVersion7(now).startsWith(prefix)).toBe(true);
  });

  test('is never the same again, 100,000 of one millisecond included', () => {
    const ids = new Set(Array.from({ length: 100_000 }, () => uuidVersion7(1_700_000_000_000)));
    expect(ids.size).toBe(100_000);
  });

  test('has all 74 other bits random: each is 0 in some and 1 in others', () => {
    let ones = 0n;
    let zeros = 0n;
    for (let n = 0; n < 200; n++) {
      const bits = BigInt(`0x${uuidVersion7(0).replaceAll('-', '')}`);
      ones |= bits;
      zeros |= ~bits;
    }
    const random = (1n << 74n) - 1n;
    const varying = ones & zeros & ((1n << 128n) - 1n);
    const low = varying & ((1n << 62n) - 1n);
    const middle = (varying >> 64n) & ((1n << 12n) - 1n);
    expect((middle << 62n) | low).toBe(random);
  });

  test('sorts as text by the millisecond it was made in', () => {
    const moments = Array.from({ length: 500 }, (_, n) => 1_700_000_000_000 + n * n);
    const ids = moments.map((moment) => uuidVersion7(moment));
    expect(ids.toSorted()).toEqual(ids);
  });
});
