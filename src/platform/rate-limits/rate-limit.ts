/** How often something may happen: so much a minute on average, and a burst at once. */
export interface RateLimit {
  /** Milliseconds until what was taken is given back. */
  readonly interval: number;
  /** How far ahead of that rate somebody may be, in milliseconds. */
  readonly tolerance: number;
}

/**
 * @param perMinute the average; null = no limit
 * @param burstMinutes how many minutes' worth may come at once
 */
export function rateLimit(perMinute: number | null, burstMinutes: number): RateLimit | null {
  return perMinute === null ? null : { interval: 60_000 / perMinute, tolerance: burstMinutes * 60_000 };
}
