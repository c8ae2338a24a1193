import { describe, expect, test } from 'vitest';
import { random } from './random.js';

describe('random bytes', () => {
  test.each([1, 12, 32, 256])('come %i at a time', (count) => {
    expect(random(count)).toHaveLength(count);
  });

  test('are never given out twice, over many fillings of the pool', () => {
    const handfuls = Array.from({ length: 5_000 }, (_, index) => random(12 + (index % 21)));
    expect(new Set(handfuls.map((bytes) => bytes.subarray(0, 12).toString('hex'))).size).toBe(5_000);
    // What the caller holds is its own: it does not change when the pool is filled again or wiped.
    const kept = handfuls[0]!.toString('hex');
    for (let times = 0; times < 1_000; times++) random(32);
    expect(handfuls[0]!.toString('hex')).toBe(kept);
    expect(handfuls.every((bytes) => bytes.some((byte) => byte !== 0))).toBe(true);
  });

  test('have every bit set about half of the time', () => {
    const ones = Array.from({ length: 8 }, () => 0);
    for (const byte of random(256)) for (let bit = 0; bit < 8; bit++) ones[bit]! += (byte >> bit) & 1;
    for (const count of ones) expect(Math.abs(count - 128)).toBeLessThan(80);
  });
});
