import { describe, expect, test } from 'vitest';
import { aClientState } from '../../../test/support/client-events.js';
import { clientStanding, type ClientState } from './client-state.js';

const NOW = Date.parse('2026-11-23T12:00:00.000Z');
const hold = { hold_id: 'h_1', kind: 'block', placed_at: '2026-11-23T11:00:00.000Z' } as const;

describe('where a client stands', () => {
  test.each<[string, Partial<ClientState>, ReturnType<typeof clientStanding>]>([
    ['an active one', { status: 'active' }, 'active'],
    ['a pending one', { status: 'pending' }, 'pending'],
    ['an active one with a hold', { status: 'active', holds: [hold] }, 'suspended'],
    ['a pending one with a hold', { status: 'pending', holds: [hold] }, 'suspended'],
    ['a denied one', { status: 'denied' }, 'gone'],
    ['an expired one', { status: 'expired' }, 'gone'],
    ['a deleted one, held or not', { status: 'deleted', holds: [hold] }, 'gone'],
    ['one whose expiry is a millisecond away', { expires_at: '2026-11-23T12:00:00.001Z' }, 'active'],
    ['one whose expiry is now', { expires_at: '2026-11-23T12:00:00.000Z' }, 'gone'],
    ['a held one whose expiry is past', { expires_at: '2026-11-23T11:00:00.000Z', holds: [hold] }, 'gone'],
  ])('%s', (_, overrides, standing) => {
    expect(clientStanding(aClientState(overrides), NOW)).toBe(standing);
  });

  test('one that nobody ever registered', () => {
    expect(clientStanding(undefined, NOW)).toBe('gone');
  });
});
