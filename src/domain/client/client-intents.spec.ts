import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  A_FINDING,
  A_SEALED,
  aClientState,
  metadataWith,
  recorded,
} from '../../../test/support/client-events.js';
import {
  approveClient,
  deleteClientAsOperator,
  denyClient,
  reinstateClient,
  suspendClient,
  type IntentOutcome,
  type OperatorAsk,
  type ReviewedClient,
} from './client-intents.js';
import type { ClientState, Hold } from './client-state.js';
import { projectClient } from './project-client.js';

const NOW = Date.parse('2026-11-23T12:00:00.000Z');
const ask: OperatorAsk = { reason: A_SEALED, version: null, now: NOW };
const suspend = (client: ReviewedClient | undefined, asked: OperatorAsk): IntentOutcome =>
  suspendClient(client, { ...asked, hold_id: 'h_new' });

const intents = {
  approve: approveClient,
  deny: denyClient,
  suspend,
  reinstate: reinstateClient,
  delete: deleteClientAsOperator,
};
const names = Object.keys(intents) as (keyof typeof intents)[];

const hold = (kind: Hold['kind'], hold_id = `h_${kind}`): Hold => ({
  hold_id,
  kind,
  placed_at: '2026-11-23T11:00:00.000Z',
});
const change = {
  submitted_at: '2026-11-23T11:00:00.000Z',
  metadata: metadataWith('none'),
  obligations: {},
  reviews: [A_FINDING],
  warnings: [],
  decision: null,
};
const given = (overrides: Partial<ClientState> = {}, version = 3): ReviewedClient => ({
  state: aClientState(overrides),
  version,
});

describe.each(names)('%s', (name) => {
  const gone: [string, ReviewedClient | undefined][] = [
    ['nobody registered', undefined],
    // Reinstating takes the denial back; below.
    ...(name === 'reinstate'
      ? []
      : [['was denied', given({ status: 'denied' })] as [string, ReviewedClient]]),
    ['was deleted', given({ status: 'deleted' })],
    ['is marked as expired', given({ status: 'expired' })],
    ['expires now', given({ expires_at: '2026-11-23T12:00:00.000Z' })],
  ];
  test.each(gone)('finds no client that %s', (_, client) => {
    expect(intents[name](client, ask)).toEqual({ refusal: { reason: 'client_not_found' } });
  });

  test('is refused when the client moved on since the operator looked', () => {
    const client = given({ status: 'pending', holds: [hold('operator')] }, 4);
    expect(intents[name](client, { ...ask, version: 3 })).toEqual({
      refusal: { reason: 'version_moved', version: 4 },
    });
  });
});

describe('approving', () => {
  test('lets a pending client in and names the version that was approved', () => {
    expect(approveClient(given({ status: 'pending' }, 7), { ...ask, version: 7 })).toEqual({
      events: [
        {
          type: 'client.approved',
          data: { client_id: 'c_1', subject: 'client', approved_version: 7, reason: A_SEALED },
        },
      ],
    });
  });

  test('is about the change where an active client has one waiting', () => {
    const outcome = approveClient(given({ pending_change: change }), ask);
    expect(outcome).toMatchObject({ events: [{ type: 'client.approved', data: { subject: 'change' } }] });
  });

  test('is about the client where it is itself still waiting', () => {
    const outcome = approveClient(given({ status: 'pending', pending_change: change }), ask);
    expect(outcome).toMatchObject({ events: [{ data: { subject: 'client' } }] });
  });

  test('P4 admits a held client without lifting its hold', () => {
    const client = given({ status: 'pending', holds: [hold('operator'), hold('stop')] });
    const outcome = approveClient(client, ask) as Extract<IntentOutcome, { events: unknown }>;
    const after = outcome.events.reduce<ClientState | undefined>(
      (state, event) => projectClient(state, recorded(event)),
      client.state,
    );
    expect(after).toMatchObject({ status: 'active', holds: client.state.holds });
  });
});

describe('denying', () => {
  test('turns a pending client away', () => {
    expect(denyClient(given({ status: 'pending' }), ask)).toEqual({
      events: [{ type: 'client.denied', data: { client_id: 'c_1', subject: 'client', reason: A_SEALED } }],
    });
  });

  test('discards the change of an active client, and leaves the client', () => {
    expect(denyClient(given({ pending_change: change }), ask)).toEqual({
      events: [{ type: 'client.denied', data: { client_id: 'c_1', subject: 'change', reason: A_SEALED } }],
    });
  });

  test.each(['approve', 'deny'] as const)('or approving (%s) needs something that waits', (name) => {
    expect(intents[name](given(), ask)).toEqual({
      refusal: { reason: 'nothing_to_review', status: 'active' },
    });
  });
});

describe('suspending', () => {
  test.each<[string, Partial<ClientState>]>([
    ['an active client', {}],
    ['a pending client', { status: 'pending' }],
    ['a client with holds of other kinds', { holds: [hold('document'), hold('block'), hold('stop')] }],
  ])('%s places an operator hold', (_, overrides) => {
    expect(suspend(given(overrides), ask)).toEqual({
      events: [
        {
          type: 'client.suspended',
          data: { client_id: 'c_1', hold_id: 'h_new', kind: 'operator', reason: A_SEALED },
        },
      ],
    });
  });

  test('a second time is refused', () => {
    expect(suspend(given({ holds: [hold('operator')] }), ask)).toEqual({
      refusal: { reason: 'already_suspended' },
    });
  });
});

describe('reinstating', () => {
  test('P4 lifts the operator hold and leaves every other', () => {
    const others = [hold('document'), hold('block'), hold('stop')];
    const client = given({ holds: [others[0]!, hold('operator'), others[1]!, others[2]!] });
    const outcome = reinstateClient(client, ask);
    expect(outcome).toEqual({
      events: [
        { type: 'client.reinstated', data: { client_id: 'c_1', hold_id: 'h_operator', reason: A_SEALED } },
      ],
    });
    const [event] = (outcome as Extract<IntentOutcome, { events: unknown }>).events;
    expect(projectClient(client.state, recorded(event!))?.holds).toEqual(others);
  });

  test('P4 never lifts what is not an operator hold', () => {
    const kinds = fc.subarray<Hold['kind']>(['document', 'block', 'stop']);
    fc.assert(
      fc.property(kinds, (held) => {
        const holds = held.map((kind) => hold(kind));
        expect(reinstateClient(given({ holds }), ask)).toEqual({ refusal: { reason: 'not_suspended' } });
      }),
    );
  });
});

describe('reinstating a client that is gone', () => {
  test('takes its denial back, once, and leaves the client denied', () => {
    const client = given({ status: 'denied' });
    const outcome = reinstateClient(client, ask) as Extract<IntentOutcome, { events: unknown }>;
    expect(outcome).toEqual({
      events: [{ type: 'client.denial_lifted', data: { client_id: 'c_1', reason: A_SEALED } }],
    });
    const state = projectClient(client.state, recorded(outcome.events[0]!))!;
    expect(state).toMatchObject({ status: 'denied', denial_lifted_at: expect.any(String) });
    expect(reinstateClient({ state, version: 4 }, ask)).toEqual({ refusal: { reason: 'client_not_found' } });
  });

  test('lifts the hold first where it has both', () => {
    const client = given({ status: 'denied', holds: [hold('operator')] });
    expect(reinstateClient(client, ask)).toMatchObject({ events: [{ type: 'client.reinstated' }] });
  });

  test.each(['expired', 'deleted'] as const)('lifts the hold of a client that is %s', (status) => {
    expect(reinstateClient(given({ status, holds: [hold('operator')] }), ask)).toMatchObject({
      events: [{ type: 'client.reinstated', data: { hold_id: 'h_operator' } }],
    });
  });

  test('is refused when the client moved on since the operator looked', () => {
    expect(reinstateClient(given({ status: 'denied' }, 4), { ...ask, version: 3 })).toEqual({
      refusal: { reason: 'version_moved', version: 4 },
    });
  });
});

describe('deleting as an operator', () => {
  test.each<[string, Partial<ClientState>]>([
    ['an active client', {}],
    ['a pending client', { status: 'pending' }],
    ['a client with holds', { holds: [hold('operator'), hold('stop')] }],
  ])('%s', (_, overrides) => {
    expect(deleteClientAsOperator(given(overrides), ask)).toEqual({
      events: [{ type: 'client.deleted', data: { client_id: 'c_1', by: 'operator', reason: A_SEALED } }],
    });
  });
});
