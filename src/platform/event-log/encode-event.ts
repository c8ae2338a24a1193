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
  const envelope = {
    ...context,
    event_id: event.event_id ?? uuidVersion7(),
    type: event.type,
    schema_version: schemaVersions[event.type],
    stream,
    version: (previous?.version ?? 0) + 1,
    prev_event_hash: previous?.hash ?? null,
    recorded_by: recordedBy,
    data: event.data,
  } as AnyEvent;
  const body = Buffer.from(canonicalJson(envelope), 'utf8');
  return { envelope, body, hash: eventHash(body) };
}
