import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { GrowingPause, Sleep } from './pauses.js';

describe('a growing pause', () => {
  it('doubles up to its longest and starts again after a reset', () => {
    const pause = new GrowingPause(250, 5_000);
    expect(Array.from({ length: 7 }, () => pause.next())).toEqual([250, 500, 1000, 2000, 4000, 5000, 5000]);
    pause.reset();
    expect(pause.next()).toBe(250);
  });
});

describe('a sleep', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /** Whether a promise has resolved by now. */
  async function over(promise: Promise<void>): Promise<boolean> {
    let resolved = false;
    void promise.then(() => (resolved = true));
    await vi.advanceTimersByTimeAsync(0);
    return resolved;
  }

  it('lasts its time', async () => {
    const slept = new Sleep().for(100, true);
    await vi.advanceTimersByTimeAsync(99);
    expect(await over(slept)).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(await over(slept)).toBe(true);
  });

  it('is cut short by a wake, and leaves no timer', async () => {
    const sleep = new Sleep();
    const slept = sleep.for(100, true);
    sleep.wake();
    expect(await over(slept)).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('does not happen when a wake came before it, once', async () => {
    const sleep = new Sleep();
    sleep.wake();
    expect(await over(sleep.for(100, true))).toBe(true);
    expect(await over(sleep.for(100, true))).toBe(false);
  });

  it('that nobody may wake goes on through a wake, which counts for the next', async () => {
    const sleep = new Sleep();
    const slept = sleep.for(100, false);
    sleep.wake();
    expect(await over(slept)).toBe(false);
    await vi.advanceTimersByTimeAsync(100);
    expect(await over(slept)).toBe(true);
    expect(await over(sleep.for(100, true))).toBe(true);
  });

  it.each([true, false])('is over for good at the end (wakeable: %s)', async (wakeable) => {
    const sleep = new Sleep();
    const slept = sleep.for(100, wakeable);
    sleep.end();
    expect(await over(slept)).toBe(true);
    expect(await over(sleep.for(100, wakeable))).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });
});
