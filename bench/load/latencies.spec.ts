import { describe, expect, it } from 'vitest';
import { Latencies, median, percentile } from './latencies.mjs';

const upTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1);

describe('the nearest-rank percentile', () => {
  it.each([
    [[7], 1, 7],
    [[7], 50, 7],
    [[7], 100, 7],
    [[1, 2], 50, 1],
    [[1, 2], 51, 2],
    [[15, 20, 35, 40, 50], 30, 20],
    [[15, 20, 35, 40, 50], 40, 20],
    [[15, 20, 35, 40, 50], 50, 35],
    [upTo(100), 99, 99],
    [upTo(100), 99.1, 100],
    [upTo(1000), 99, 990],
    [upTo(1000), 100, 1000],
  ])('of %j at %d is %d', (sorted, rank, value) => {
    expect(percentile(sorted, rank)).toBe(value);
  });

  it('of nothing is no number', () => {
    expect(percentile([], 50)).toBeNaN();
  });
});

describe('the latencies of a run', () => {
  it('are summed up in whatever order they came, however many', () => {
    const latencies = new Latencies();
    const count = 50_000;
    for (let n = 0; n < count; n += 1) latencies.add((n * 7919) % count);
    expect(latencies.count).toBe(count);
    expect(latencies.summary()).toEqual({ p50: 24_999, p99: 49_499, max: 49_999 });
  });

  it('are sorted as numbers', () => {
    const latencies = new Latencies();
    for (const value of [100, 9, 80]) latencies.add(value);
    expect(latencies.summary()).toMatchObject({ p50: 80, max: 100 });
  });
});

describe('the median', () => {
  it.each([
    [[3], 3],
    [[10, 9, 100], 10],
    [[4, 1, 3, 2], 2.5],
  ])('of %j is %d', (values, middle) => {
    expect(median(values)).toBe(middle);
  });
});
