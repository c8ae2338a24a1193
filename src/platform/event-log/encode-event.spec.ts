import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { aContext, clientDeleted, clientRegistered } from '../../../test/support/event-builders.js';
import { canonicalJson } from '../../contract/canonical-json.js';
import { encodeEvent, eventHash } from './encode-event.js';

const STREAM = 'client:default:c_1';

describe('an encoded event', () => {
  test('that is the first of its stream has version 1 and follows nothing', () => {
    const { envelope } = encodeEvent(STREAM, undefined, clientRegistered('c_1'), aContext(), 'here');
    expect(envelope).toMatchObject({
      stream: STREAM,
      version: 1,
      prev_event_hash: null,
      type: 'client.registered',
      schema_version: 1,
      recorded_by: 'here',
      realm: 'default',
    });
  });

  test('follows the version and the hash of the event before it', () => {
    const first = encodeEvent(STREAM, undefined, clientRegistered('c_1'), aContext(), 'here');
    const previous = { version: first.envelope.version, hash: first.hash };
    const { envelope } = encodeEvent(STREAM, previous, clientDeleted('c_1'), aContext(), 'here');
    expect(envelope).toMatchObject({
      version: 2,
      prev_event_hash: createHash('sha256').update(first.body).digest('base64url'),
    });
  });

  test('is stored as the RFC 8785 bytes of its envelope, and hashed over those', () => {
    const { envelope, body, hash } = encodeEvent(
      STREAM,
      undefined,
      clientRegistered('c_1', 'Näme 名前'),
      aContext(),
      'here',
    );
    expect(body.toString('utf8')).toBe(canonicalJson(envelope));
    expect(JSON.parse(body.toString('utf8'))).toEqual(envelope);
    expect(hash).toBe(eventHash(body));
  });

  test('has an id of its own every time', () => {
    const ids = [1, 2, 3].map(
      () => encodeEvent(STREAM, undefined, clientDeleted('c_1'), aContext(), 'here').envelope.event_id,
    );
    expect(new Set(ids).size).toBe(3);
  });

  test('cannot be made of text that has no canonical form', () => {
    const event = clientRegistered('c_1', 'half a pair \ud83d');
    expect(() => encodeEvent(STREAM, undefined, event, aContext(), 'here')).toThrow(TypeError);
  });
});
