import type { ObservedBatch } from '../../platform/event-log/event-log.js';
import type { Metrics } from '../../platform/telemetry/metrics.js';

/** Counts a statement of the event log: once per statement, not per append, because a label costs half a microsecond. */
export function countBatch(metrics: Metrics, { calls, results, seconds, error }: ObservedBatch): void {
  metrics.appendDuration.observe(seconds);
  metrics.appendBatch.observe(calls.length);
  if (error) metrics.appendFailures.inc(calls.length);

  const events = new Map<string, number>();
  let conflicts = 0;
  for (const result of results) {
    if (!result.committed) conflicts += 1;
    else for (const { type } of result.events) events.set(type, (events.get(type) ?? 0) + 1);
  }
  if (conflicts > 0) metrics.appendConflicts.inc(conflicts);
  for (const [type, count] of events) metrics.eventsAppended.inc({ type }, count);
}
