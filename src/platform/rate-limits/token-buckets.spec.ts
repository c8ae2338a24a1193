import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rateLimit, type RateLimit } from './rate-limit.js';
import { TokenBuckets } from './token-buckets.js';

const limit = (perMinute: number, burstMinutes: number): RateLimit => rateLimit(perMinute, burstMinutes)!;

/** Takes what it may. */
function asked(buckets: TokenBuckets, key: string, rate: RateLimit, now: number): boolean {
  if (buckets.wait(key, rate, now) > 0) return false;
  buckets.take(key, rate, now);
  return true;
}

describe('a token bucket', () => {
  test('lets the burst through at once, and then as many as the rate says', () => {
    const buckets = new TokenBuckets();
    const rate = limit(60, 2);
    expect(Array.from({ length: 130 }, () => asked(buckets, 'a', rate, 0)).filter(Boolean)).toHaveLength(120);
    expect(asked(buckets, 'a', rate, 999)).toBe(false);
    expect(asked(buckets, 'a', rate, 1_000)).toBe(true);
    expect(asked(buckets, 'a', rate, 1_001)).toBe(false);
  });

  test('says truly how long to wait, and asking costs nothing', () => {
    fc.assert(
      fc.property(
        fc.record({ perMinute: fc.integer({ min: 1, max: 6_000 }), burst: fc.integer({ min: 1, max: 10 }) }),
        fc.array(fc.integer({ min: 0, max: 30_000 }), { minLength: 1, maxLength: 200 }),
        ({ perMinute, burst }, pauses) => {
          const buckets = new TokenBuckets();
          const rate = limit(perMinute, burst);
          let now = 0;
          for (const pause of pauses) {
            now += pause;
            const wait = buckets.wait('a', rate, now);
            expect(wait === 0 || buckets.wait('a', rate, now + wait / 2) > 0).toBe(true);
            now += wait;
            // What is left of a millisecond is rounding.
            expect(buckets.wait('a', rate, now)).toBeLessThan(0.001);
            buckets.take('a', rate, now);
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  test('never lets more through than burst and rate allow', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 600 }),
        fc.array(fc.integer({ min: 0, max: 5_000 }), { maxLength: 300 }),
        (perMinute, pauses) => {
          const buckets = new TokenBuckets();
          const rate = limit(perMinute, 1);
          let now = 0;
          let through = 0;
          for (const pause of pauses) {
            now += pause;
            if (asked(buckets, 'a', rate, now)) through += 1;
          }
          expect(through).toBeLessThanOrEqual(perMinute + (now * perMinute) / 60_000 + 1);
        },
      ),
      { numRuns: 200 },
    );
  });

  test('counts each key alone', () => {
    const buckets = new TokenBuckets();
    const rate = limit(1, 1);
    expect(asked(buckets, 'a', rate, 0)).toBe(true);
    expect(asked(buckets, 'a', rate, 0)).toBe(false);
    expect(asked(buckets, 'b', rate, 0)).toBe(true);
  });
});

describe('the memory of the buckets', () => {
  test('is bounded: the keys that were not used for longest are forgotten', () => {
    const buckets = new TokenBuckets(100);
    const rate = limit(1, 1);
    buckets.take('kept', rate, 0);
    for (let n = 0; n < 10_000; n++) {
      buckets.take(`invented ${n}`, rate, 0);
      if (n % 25 === 0) buckets.take('kept', rate, 0);
    }
    expect(buckets.size).toBeLessThanOrEqual(100);
    expect(buckets.wait('kept', rate, 0)).toBeGreaterThan(0);
    expect(buckets.wait('invented 0', rate, 0)).toBe(0);
    expect(buckets.taken(1_000).length).toBeLessThanOrEqual(100);
  });
});

describe('what instances tell each other', () => {
  test('is what was taken since the last time, the most used keys first', () => {
    const buckets = new TokenBuckets();
    const rate = limit(60, 1);
    buckets.take('once', rate, 0);
    for (let n = 0; n < 3; n++) buckets.take('thrice', rate, 0);
    expect(buckets.taken(1)).toEqual([{ key: 'thrice', taken: 3_000 }]);
    expect(buckets.taken(10)).toEqual([]);
    buckets.take('once', rate, 0);
    expect(buckets.taken(10)).toEqual([{ key: 'once', taken: 1_000 }]);
  });

  test('makes a bucket as empty as everybody together made it, with what was taken meanwhile', () => {
    const buckets = new TokenBuckets();
    const rate = limit(60, 1);
    buckets.take('a', rate, 0);
    buckets.taken(10);
    buckets.take('a', rate, 0);
    buckets.learn('a', 59_000, 0);
    expect(buckets.wait('a', rate, 0)).toBe(1_000);
    buckets.learn('a', 0, 0);
    expect(buckets.wait('a', rate, 0)).toBe(1_000);
  });
});
