import { createHash } from 'node:crypto';
import { canonicalJson } from '../../contract/canonical-json.js';
import type { EventContext } from '../../contract/envelope.js';
import { schemaVersions, type AnyEvent, type NewEvent } from '../../contract/events/index.js';
import { uuidVersion7 } from './uuid-version-7.js';

/** An event with its place in the stream and the bytes that are stored. */
export interface EncodedEvent {
  readonly envelope: AnyEvent;
  readonly body: Buffer;
  /** SHA-256 of the body, base64url. */
  readonly hash: string;
}

/** SHA-256 of an event's stored bytes, base64url: what the next event of the stream carries as `prev_event_hash`. */
export function eventHash(body: Buffer): string {
  return createHash('sha256').update(body).digest('base64url');
}

/**
 * Puts a new event into its envelope and makes its canonical bytes.
 *
 * @param previous version and hash of the stream's last event; undefined for the first
 * @param recordedBy id of this instance
 */
export function encodeEvent(
  stream: string,
  previous: { readonly version: number; readonly hash: string } | undefined,
  event: NewEvent,
  context: EventContext,
  recordedBy: string,
): EncodedEvent {
  // In the order of canonical JSON, so that nothing has to be sorted; written out, because spreading costs as much again.
  const envelope = {
    actor: context.actor,
    causation_id: context.causation_id,
    correlation_id: context.correlation_id,
    data: event.data,
    event_id: event.event_id ?? uuidVersion7(),
    occurred_at: context.occurred_at,
    policy: context.policy,
    prev_event_hash: previous?.hash ?? null,
    realm: context.realm,
    recorded_by: recordedBy,
    request: context.request,
    schema_version: schemaVersions[event.type],
    source: context.source,
    stream,
    traceparent: context.traceparent,
    type: event.type,
    version: (previous?.version ?? 0) + 1,
  } as AnyEvent;
  const body = Buffer.from(canonicalJson(envelope), 'utf8');
  return { envelope, body, hash: eventHash(body) };
}
