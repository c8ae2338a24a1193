import type { KafkaRecord } from '../../platform/kafka/event-publisher.js';
import type { Tracing } from '../../platform/telemetry/tracing/tracing.js';
import type { ObservedPublish } from './relay.js';

/**
 * Gives a request to Kafka a producer span of its own, linked to the requests whose events it carries, and each of those
 * events a span below its request's: it is there that somebody asks when the event went out.
 */
export function tracePublish(tracing: Tracing, { records, seconds, error }: ObservedPublish): void {
  const [first] = records;
  if (!tracing.enabled || !first) return;
  const traced = records.flatMap((record) => {
    const traceparent = record.headers['traceparent'];
    return traceparent === undefined ? [] : [{ record, traceparent }];
  });
  const failure = error === undefined ? undefined : 'not_acknowledged';
  const messaging = { 'messaging.system': 'kafka', 'messaging.destination.name': first.topic };
  const request = tracing.record({
    name: `send ${first.topic}`,
    kind: 'producer',
    parent: null,
    seconds,
    error: failure,
    links: traced.map(({ traceparent }) => traceparent),
    attributes: {
      ...messaging,
      'messaging.operation.type': 'send',
      'messaging.operation.name': 'send',
      'messaging.batch.message_count': records.length,
    },
  });
  for (const { record, traceparent } of traced) {
    tracing.record({
      name: `relay ${first.topic}`,
      kind: 'internal',
      parent: traceparent,
      seconds,
      error: failure,
      links: [request],
      attributes: { ...messaging, ...described(record) },
    });
  }
}

function described({ headers }: KafkaRecord): Record<string, string | number> {
  return {
    'clientele.position': Number(headers['ce_position']),
    'clientele.event_type': String(headers['ce_type']),
  };
}
