import { wireName, type Envelope } from '../../contract/envelope.js';
import type { CommittedEvent } from '../event-log/event-reader.js';
import type { KafkaRecord } from './event-publisher.js';
import { topics } from './topics.js';

/** The bytes in the log are no envelope. Publishing stops here: an event is never skipped. */
export class UnreadableEvent extends Error {
  constructor(position: number, cause: unknown) {
    super(`the event at position ${position} cannot be read`, { cause });
    this.name = 'UnreadableEvent';
  }
}

/**
 * An event as a CloudEvent in the binary mode of the CloudEvents 1.0 Kafka binding: the value is the stored envelope,
 * byte for byte; the key is the stream, so that a stream stays in one partition; the headers are UTF-8 text.
 *
 * | header             | value                                                                                    |
 * | ------------------ | ---------------------------------------------------------------------------------------- |
 * | `ce_specversion`   | `1.0`                                                                                    |
 * | `ce_id`            | `event_id`; with `ce_source` unique, the same when the event is published again          |
 * | `ce_source`        | the service's public URL                                                                 |
 * | `ce_type`          | the wire name, e.g. `clientele.client.registered.v1`                                     |
 * | `ce_subject`       | the stream, as in the key                                                                |
 * | `ce_time`          | `occurred_at`                                                                            |
 * | `content-type`     | `application/json`                                                                       |
 * | `ce_recordedtime`  | extension: when the database committed the event, RFC 3339                               |
 * | `ce_realm`         | extension: the realm                                                                     |
 * | `ce_streamversion` | extension: 1 for the stream's first event, then without gaps. A consumer drops a version |
 * |                    | that it has, and stops when one is missing                                               |
 * | `ce_position`      | extension: place in the whole log; grows within a partition, apart from repetitions      |
 * | `ce_traceparent`   | extension: W3C Trace Context of the request, when there was one                          |
 * | `traceparent`      | the same, where consumers' tracing libraries look for it                                 |
 *
 * Names of extensions are lower-case letters and digits (CloudEvents 1.0, section 3.1), hence no underscore in them.
 *
 * @param source the value of `ce_source`, an absolute URL
 * @param topic where the record goes
 * @throws UnreadableEvent when the stored bytes are no envelope
 */
export function toRecord(
  event: CommittedEvent,
  source: string,
  topic: string = topics.events.name,
): KafkaRecord {
  const envelope = parseEnvelope(event);
  const headers: Record<string, string> = {
    ce_specversion: '1.0',
    ce_id: event.event_id,
    ce_source: source,
    ce_type: wireName(envelope),
    ce_subject: event.stream,
    ce_time: envelope.occurred_at,
    'content-type': 'application/json',
    ce_recordedtime: event.recorded_at.toISOString(),
    ce_realm: event.realm,
    ce_streamversion: String(event.version),
    ce_position: String(event.position),
  };
  if (envelope.traceparent !== null) {
    headers['ce_traceparent'] = envelope.traceparent;
    headers['traceparent'] = envelope.traceparent;
  }
  return { topic, key: event.stream, value: event.body, headers };
}

type HeaderMembers = Pick<Envelope, 'type' | 'schema_version' | 'occurred_at' | 'traceparent'>;

function parseEnvelope(event: CommittedEvent): HeaderMembers {
  let envelope: Partial<Record<keyof HeaderMembers, unknown>> | null;
  try {
    envelope = JSON.parse(event.body.toString('utf8'));
  } catch (error) {
    throw new UnreadableEvent(event.position, error);
  }
  const { schema_version, occurred_at, traceparent = null } = envelope ?? {};
  if (!Number.isInteger(schema_version) || typeof occurred_at !== 'string') {
    throw new UnreadableEvent(event.position, 'its bytes are no envelope');
  }
  if (traceparent !== null && typeof traceparent !== 'string') {
    throw new UnreadableEvent(event.position, 'its traceparent is no text');
  }
  return { type: event.type, schema_version: schema_version as number, occurred_at, traceparent };
}
