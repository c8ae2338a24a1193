import { describe, expect, test } from 'vitest';
import { A_SEALED, aClientState, metadataWith } from '../../../test/support/client-events.js';
import { metadataFingerprint } from '../admission/metadata-fingerprint.js';
import type { ClientState } from '../../domain/client/client-state.js';
import { clientDirectoryProjection } from './client-directory.projection.js';

const columnsOf = (overrides: Partial<ClientState>) =>
  clientDirectoryProjection.columns(aClientState(overrides));
const change = {
  submitted_at: '2026-11-23T11:00:00.000Z',
  metadata: metadataWith('none'),
  obligations: {},
  reviews: [],
  warnings: [],
  decision: null,
};

describe('a row of the directory', () => {
  test('can be found by realm, id, standing, name, software and time', () => {
    const metadata = metadataWith('none', {
      client_name: 'Name',
      software_id: 'software',
      contacts: A_SEALED,
    });
    expect(columnsOf({ metadata, expires_at: '2026-11-24T10:00:00.000Z' })).toEqual({
      realm: 'default',
      client_id: 'c_1',
      status: 'active',
      suspended: false,
      channel: 'dynamic',
      client_name: 'Name',
      software_id: 'software',
      waiting: false,
      created_at: '2026-11-23T10:00:00.000Z',
      expires_at: '2026-11-24T10:00:00.000Z',
    });
  });

  test('of a client without a name has none', () => {
    expect(columnsOf({ metadata: metadataWith('none') })).toMatchObject({
      client_name: null,
      software_id: null,
    });
  });

  test('of a denied or held client says until when, and by what it is recognised again', () => {
    const metadata = metadataWith('none', { client_name: 'Name' });
    const hold = { hold_id: 'h', kind: 'operator', placed_at: '2026-11-23T11:00:00.000Z' } as const;
    const denied = { status: 'denied', metadata, updated_at: '2026-11-23T11:00:00.000Z' } as const;
    const fingerprint = metadataFingerprint(metadata);
    expect(columnsOf(denied)).toMatchObject({
      standing: 'denied',
      standing_until: '2026-12-23T11:00:00.000Z',
      fingerprint,
    });
    expect(columnsOf({ metadata, holds: [hold] })).toMatchObject({
      standing: 'held',
      standing_until: null,
      fingerprint,
    });
  });

  test('is suspended while the client has any hold', () => {
    const hold = { hold_id: 'h', kind: 'block', placed_at: '2026-11-23T11:00:00.000Z' } as const;
    expect(columnsOf({ holds: [hold] })).toMatchObject({ suspended: true });
  });

  test.each<[string, Partial<ClientState>, boolean]>([
    ['a pending client', { status: 'pending' }, true],
    ['an active client with a change', { pending_change: change }, true],
    ['an active client', {}, false],
    ['a denied client', { status: 'denied' }, false],
  ])('of %s waits for a person: %s', (_, overrides, waiting) => {
    expect(columnsOf(overrides)).toMatchObject({ waiting });
  });
});
