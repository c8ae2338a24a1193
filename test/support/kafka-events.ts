import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { canonicalJson } from '../../src/contract/canonical-json.js';
import type { Envelope } from '../../src/contract/envelope.js';
import type { CommittedEvent } from '../../src/platform/event-log/event-reader.js';

/** An envelope that is valid as far as the relay looks; override what a test is about. */
export function anEnvelope(overrides: Partial<Envelope> = {}): Envelope {
  return {
    event_id: randomUUID(),
    type: 'client.registered',
    schema_version: 1,
    stream: 'client:default:one',
    version: 1,
    prev_event_hash: null,
    realm: 'default',
    occurred_at: '2026-11-23T05:08:00.000Z',
    recorded_by: 'test',
    actor: { kind: 'anonymous', id: null, method: null },
    source: null,
    request: null,
    correlation_id: randomUUID(),
    causation_id: null,
    traceparent: null,
    policy: null,
    data: { client_id: 'one', filler: 'x'.repeat(600) },
    ...overrides,
  };
}

/** The event as the reader hands it out. */
export function aCommittedEvent(position: number, overrides: Partial<Envelope> = {}): CommittedEvent {
  const envelope = anEnvelope(overrides);
  const { event_id, stream, version, type, realm } = envelope;
  const body = Buffer.from(canonicalJson(envelope));
  const recorded_at = new Date('2026-11-23T05:08:01.000Z');
  return { position, event_id, stream, version, type, realm, recorded_at, body };
}

/** Something that appends to the end of streams, without the ceremony of registering clients. */
export class EventWriter {
  private readonly versions = new Map<string, number>();
  private position = 0;

  constructor(private readonly pool: Pool) {}

  /** @param streams one event is appended to each, in this order; a stream may come several times */
  async append(streams: readonly string[]): Promise<readonly CommittedEvent[]> {
    const events = streams.map((stream) => {
      const version = (this.versions.get(stream) ?? 0) + 1;
      this.versions.set(stream, version);
      this.position += 1;
      return aCommittedEvent(this.position, { stream, version });
    });
    await this.pool.query(
      `insert into events (position, event_id, stream, version, type, realm, recorded_at, body)
       select p, i, s, v, t, r, now(), b
       from unnest($1::bigint[], $2::uuid[], $3::text[], $4::int[], $5::text[], $6::text[], $7::bytea[])
         as e(p, i, s, v, t, r, b)`,
      (['position', 'event_id', 'stream', 'version', 'type', 'realm', 'body'] as const).map((column) =>
        events.map((event) => event[column]),
      ),
    );
    return events;
  }
}
