import type { AppendResult } from '../../platform/event-log/append-call.js';
import type { ObservedBatch } from '../../platform/event-log/event-log.js';
import type { SpanAttributes, Tracing } from '../../platform/telemetry/tracing/tracing.js';

/**
 * Gives every append its span below the request's. The statement it shared with others is told by attributes: whoever reads
 * one request's trace sees what it waited for, without following a link into a trace of batches.
 */
export function traceBatch(tracing: Tracing, { calls, results, seconds, error }: ObservedBatch): void {
  if (!tracing.enabled) return;
  for (const [index, { context }] of calls.entries()) {
    if (context.traceparent === null) continue;
    tracing.record({
      name: 'append',
      kind: 'client',
      parent: context.traceparent,
      seconds,
      error: error?.name,
      attributes: {
        'db.system.name': 'postgresql',
        'db.operation.name': 'append_events',
        'db.operation.batch.size': calls.length,
        ...outcomeOf(results[index]),
      },
    });
  }
}

function outcomeOf(result: AppendResult | undefined): SpanAttributes {
  if (!result) return {};
  if (!result.committed) return { 'clientele.append.conflict': result.conflict.kind };
  return { 'clientele.position': result.position, 'clientele.events': result.events.length };
}
