/** The one source of time, so that tests can set it. */
export class Clock {
  /** Milliseconds since the epoch. */
  now(): number {
    return Date.now();
  }
}

/** RFC 3339, UTC, milliseconds: how time is written everywhere. */
export function timestamp(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
