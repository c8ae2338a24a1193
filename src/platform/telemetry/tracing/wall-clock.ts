/** The monotonic clock runs apart from the wall clock by a little: no more than that of one minute. */
const SYNCHRONISE_EVERY_MS = 60_000;

let offset = 0;
let synchronisedAt = Number.NEGATIVE_INFINITY;

/** Milliseconds since the epoch with their fractions, never going back within a minute: spans are shorter than a millisecond. */
export function wallClock(): number {
  const now = performance.now();
  if (now - synchronisedAt > SYNCHRONISE_EVERY_MS) {
    offset = Date.now() - now;
    synchronisedAt = now;
  }
  return now + offset;
}
