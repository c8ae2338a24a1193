/**
 * Milliseconds since the epoch of a timestamp as events carry it.
 *
 * @param timestamp RFC 3339, UTC
 */
export function millisecondsOf(timestamp: string): number {
  return Date.parse(timestamp);
}
