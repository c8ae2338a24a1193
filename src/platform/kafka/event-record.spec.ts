import { describe, expect, it } from 'vitest';
import { aCommittedEvent } from '../../../test/support/kafka-events.js';
import { toRecord, UnreadableEvent } from './event-record.js';

const source = 'https://clients.example';

describe('a record', () => {
  it('carries the stored bytes unchanged, under the stream as its key', () => {
    const event = aCommittedEvent(7, { stream: 'client:default:https://app.example/client.json' });
    const record = toRecord(event, source);
    expect(record.topic).toBe('clientele.events.v1');
    expect(record.key).toBe('client:default:https://app.example/client.json');
    expect(record.value).toBe(event.body);
  });

  it('is a CloudEvent in binary mode, with realm, version and position as extensions', () => {
    const event = aCommittedEvent(7, {
      event_id: '01930f6e-0000-7000-8000-000000000001',
      schema_version: 2,
      stream: 'client:payroll:abc',
      version: 3,
      realm: 'payroll',
      occurred_at: '2026-11-23T05:08:00.123Z',
    });
    expect(toRecord(event, source).headers).toEqual({
      ce_specversion: '1.0',
      ce_id: '01930f6e-0000-7000-8000-000000000001',
      ce_source: 'https://clients.example',
      ce_type: 'clientele.client.registered.v2',
      ce_subject: 'client:payroll:abc',
      ce_time: '2026-11-23T05:08:00.123Z',
      'content-type': 'application/json',
      ce_recordedtime: '2026-11-23T05:08:01.000Z',
      ce_realm: 'payroll',
      ce_streamversion: '3',
      ce_position: '7',
    });
  });

  it('carries the trace of the request when there was one', () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    expect(toRecord(aCommittedEvent(1, { traceparent }), source).headers).toMatchObject({
      ce_traceparent: traceparent,
      traceparent,
    });
  });

  it('names its attributes as CloudEvents 1.0 section 3.1 allows', () => {
    const { headers } = toRecord(aCommittedEvent(1, { traceparent: '00-1-1-01' }), source);
    for (const name of Object.keys(headers))
      expect(name).toMatch(/^(ce_[a-z0-9]{1,20}|content-type|traceparent)$/);
  });

  it.each([
    ['no JSON', 'not json'],
    ['no object', 'null'],
    ['without a schema version', '{"occurred_at":"2026-11-23T05:08:00.000Z"}'],
    ['without a time', '{"schema_version":1}'],
    ['with a traceparent that is no text', '{"schema_version":1,"occurred_at":"x","traceparent":5}'],
  ])('is not made from bytes that are %s', (_, text) => {
    const event = { ...aCommittedEvent(42), body: Buffer.from(text) };
    expect(() => toRecord(event, source)).toThrow(UnreadableEvent);
    expect(() => toRecord(event, source)).toThrow('position 42');
  });
});
