import { describe, expect, test } from 'vitest';
import { aContext, clientDeleted } from '../../../test/support/event-builders.js';
import type { JsonValue } from '../../contract/json.js';
import type { Sealed } from '../../contract/sealed.js';
import type { Sealer } from '../../platform/crypto/sealer.js';
import { encodeEvent } from '../../platform/event-log/encode-event.js';
import type { CommittedEvent } from '../../platform/event-log/event-reader.js';
import { EventPresenter } from './event-presenter.js';

const STREAM = 'client:default:c_1';
const sealed = (key: string): Sealed => ({ $sealed: { key, nonce: 'bm9uY2U', ciphertext: 'Y2FuYXJ5' } });

/** Opens what is in the table; everything else is erased. */
const presenting = (values: Readonly<Record<string, JsonValue>>): EventPresenter =>
  new EventPresenter({ unseal: async ({ $sealed }: Sealed) => values[$sealed.key] } as unknown as Sealer);

function committed(overrides: Parameters<typeof aContext>[0], reason: Sealed | null = null): CommittedEvent {
  const event = clientDeleted('c_1');
  const { body, envelope } = encodeEvent(
    STREAM,
    undefined,
    { ...event, data: { ...event.data, reason } },
    aContext(overrides),
    'here',
  );
  const { event_id, version, type, realm } = envelope;
  return { position: 42, event_id, stream: STREAM, version, type, realm, recorded_at: new Date(0), body };
}

describe('an event for operators', () => {
  test('is its envelope with its position', async () => {
    const event = committed({ correlation_id: 'correlation' });
    expect(await presenting({}).present(event)).toEqual({
      ...(JSON.parse(event.body.toString('utf8')) as object),
      position: 42,
    });
  });

  test('has its sealed fields in clear wherever they are, whatever is in them', async () => {
    const event = committed(
      {
        actor: { kind: 'operator', id: sealed('id'), method: null },
        source: { ip: sealed('ip'), user_agent: null },
      },
      sealed('reason'),
    );
    const values = { id: 'admin-token', ip: '203.0.113.7', reason: ['a', { b: null }] };
    const presented = await presenting(values).present(event);
    expect(presented).toMatchObject({
      actor: { kind: 'operator', id: 'admin-token', method: null },
      source: { ip: '203.0.113.7', user_agent: null },
      data: { reason: ['a', { b: null }] },
    });
    expect(JSON.stringify(presented)).not.toContain('$sealed');
  });

  test('says where a field was erased, and shows no ciphertext', async () => {
    const presented = await presenting({ ip: '203.0.113.7' }).present(
      committed({ source: { ip: sealed('ip'), user_agent: sealed('destroyed') } }, sealed('destroyed')),
    );
    expect(presented).toMatchObject({
      source: { ip: '203.0.113.7', user_agent: { $erased: true } },
      data: { reason: { $erased: true } },
    });
    expect(JSON.stringify(presented)).not.toContain('Y2FuYXJ5');
  });

  test('tells an opened null from an erased field', async () => {
    const presented = await presenting({ reason: null }).present(committed({}, sealed('reason')));
    expect(presented).toMatchObject({ data: { reason: null } });
  });
});
