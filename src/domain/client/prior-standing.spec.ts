import { describe, expect, test } from 'vitest';
import { aClientState } from '../../../test/support/client-events.js';
import type { ClientState, Hold } from './client-state.js';
import { priorStanding } from './prior-standing.js';

const PLACED = '2026-11-23T11:00:00.000Z';
const ENDED = '2026-11-24T11:00:00.000Z';
const hold = (kind: Hold['kind']): Hold => ({ hold_id: `h_${kind}`, kind, placed_at: PLACED });

describe('what stands against a client', () => {
  test.each<[string, Partial<ClientState>]>([
    ['an active one', {}],
    ['a pending one', { status: 'pending' }],
    ['a deleted one', { status: 'deleted' }],
    ['an expired one', { status: 'expired' }],
    ['a denied one whose denial was taken back', { status: 'denied', denial_lifted_at: ENDED }],
    ['one whose document could not be fetched', { holds: [hold('document')] }],
  ])('%s: nothing', (_, overrides) => {
    expect(priorStanding(aClientState(overrides))).toBeNull();
  });

  test.each(['operator', 'block', 'stop'] as const)('a hold of kind %s, until it is lifted', (kind) => {
    const state = aClientState({ holds: [hold('document'), hold(kind)], updated_at: ENDED });
    expect(priorStanding(state)).toEqual({ outcome: 'held', since: PLACED, lapsesFrom: null });
  });

  test.each(['expired', 'deleted', 'denied'] as const)(
    'a hold that nobody can lift any more: %s',
    (status) => {
      const state = aClientState({ status, holds: [hold('operator')], updated_at: ENDED });
      expect(priorStanding(state)).toEqual({ outcome: 'held', since: PLACED, lapsesFrom: ENDED });
    },
  );

  test('a denial', () => {
    const state = aClientState({ status: 'denied', updated_at: ENDED });
    expect(priorStanding(state)).toEqual({ outcome: 'denied', since: ENDED, lapsesFrom: ENDED });
  });
});
