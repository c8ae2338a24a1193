import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  A_FINDING,
  aClientState,
  aCredential,
  aDecision,
  metadataWith,
  recorded,
} from '../../../test/support/client-events.js';
import type { NewEvent } from '../../contract/events/index.js';
import type { ClientState, Hold } from './client-state.js';
import { projectClient } from './project-client.js';
import { replaceClient, type ReplacementAsk } from './replace-client.js';

const fresh = aCredential('s_fresh');
const old = aCredential('s_old');
const asking = (overrides: Partial<ReplacementAsk> = {}): ReplacementAsk => ({
  metadata: metadataWith('none', { client_name: 'Wanted' }),
  decision: aDecision('allow'),
  unchanged: false,
  now: Date.parse('2026-11-23T10:00:00.000Z'),
  secret: fresh,
  registration_access_token: aCredential('rat_2'),
  ...overrides,
});
const replacedBy = (state: ClientState, ask: ReplacementAsk) => {
  const events = replaceClient(state, ask);
  expect(events).toHaveLength(1);
  return (events[0] as NewEvent<'client.replaced'>).data;
};

describe('a replacement', () => {
  test.each([
    ['active', 'allow', 'in_force', 'active'],
    ['active', 'review', 'awaiting_review', 'active'],
    ['pending', 'allow', 'in_force', 'active'],
    ['pending', 'review', 'in_force', 'pending'],
  ] as const)(
    'of an %s client that the policy would %s is %s, status %s',
    (status, outcome, disposition, next) => {
      const data = replacedBy(aClientState({ status }), asking({ decision: aDecision(outcome) }));
      expect(data).toMatchObject({
        client_id: 'c_1',
        disposition,
        status: next,
        metadata: asking().metadata,
        obligations: { token_lifetime: 300 },
        reviews: outcome === 'review' ? [A_FINDING] : [],
      });
    },
  );

  test('always rotates the registration access token', () => {
    for (const outcome of ['allow', 'review'] as const) {
      const data = replacedBy(aClientState(), asking({ decision: aDecision(outcome) }));
      expect(data.registration_access_token?.id).toBe('rat_2');
    }
  });
});

describe('M-29 the secret of a client', () => {
  const [none, basic, post] = ['none', 'client_secret_basic', 'client_secret_post'].map((method) =>
    metadataWith(method),
  );
  test.each([
    ['that had none and needs one is the fresh one', none, [], basic, [fresh]],
    ['that has one and still needs one stays', basic, [old], post, [old]],
    ['that needs none any more is gone', basic, [old], none, []],
    ['that never needs one is never made', none, [], none, []],
  ])('%s', (_, before, secrets, metadata, after) => {
    const state = aClientState({ metadata: before!, secrets });
    expect(replacedBy(state, asking({ metadata: metadata! })).secrets).toEqual(after);
  });

  test('whose change waits for review is what it was', () => {
    const state = aClientState({ metadata: basic!, secrets: [old] });
    const ask = asking({ metadata: none!, decision: aDecision('review') });
    expect(replacedBy(state, ask).secrets).toEqual([old]);
  });
});

describe('R-69 an expired secret', () => {
  const expired = aCredential('s_expired', '2026-11-23T09:59:59.999Z');
  const basic = metadataWith('client_secret_basic');

  test('is replaced by a fresh one', () => {
    const state = aClientState({ metadata: basic, secrets: [expired] });
    expect(replacedBy(state, asking({ metadata: basic })).secrets).toEqual([fresh]);
  });

  test('beside a live one goes, and the live one stays', () => {
    const state = aClientState({ metadata: basic, secrets: [expired, old] });
    expect(replacedBy(state, asking({ metadata: basic })).secrets).toEqual([old]);
  });
});

describe('R-69 a secret that expires', () => {
  const basic = metadataWith('client_secret_basic');
  const secretsOf = (secret: ReturnType<typeof aCredential>, outcome: 'allow' | 'review' = 'allow') => {
    const state = aClientState({ metadata: basic, secrets: [secret] });
    return replacedBy(
      state,
      asking({ metadata: basic, decision: aDecision(outcome), now: Date.parse('2026-11-23T12:00:00.000Z') }),
    ).secrets;
  };

  test('gets its successor past half of its life, and stays until its own end', () => {
    const ageing = aCredential('s_ageing', '2026-11-23T14:00:00.000Z');
    expect(secretsOf(ageing)).toEqual([ageing, fresh]);
    expect(secretsOf(ageing, 'review')).toEqual([ageing]);
  });

  test('stays alone before', () => {
    const young = aCredential('s_young', '2026-11-23T14:00:00.001Z');
    expect(secretsOf(young)).toEqual([young]);
  });
});

describe('a replacement that changes nothing', () => {
  const approved = aClientState({ obligations: { trust: 'approved' } });
  const same = asking({ decision: aDecision('review'), unchanged: true });

  test('asks nobody again, and keeps what the approval gave', () => {
    expect(replacedBy(approved, same)).toMatchObject({
      disposition: 'in_force',
      status: 'active',
      obligations: { trust: 'approved' },
      reviews: [],
    });
  });

  test('P1 lets no client in that is still waiting for its own review', () => {
    expect(replacedBy(aClientState({ status: 'pending' }), same)).toMatchObject({
      disposition: 'in_force',
      status: 'pending',
      reviews: [A_FINDING],
    });
  });
});

describe('P4 whatever a client does itself', () => {
  const hold = (kind: Hold['kind']): Hold => ({
    hold_id: `h_${kind}`,
    kind,
    placed_at: '2026-11-23T11:00:00.000Z',
  });
  const method = fc.constantFrom('none', 'client_secret_basic', 'private_key_jwt');
  const call = fc.oneof(
    { weight: 6, arbitrary: fc.tuple(method, fc.constantFrom('allow' as const, 'review' as const)) },
    { weight: 1, arbitrary: fc.constant('delete' as const) },
  );

  test('no hold of it goes away, and none changes', () => {
    fc.assert(
      fc.property(
        fc.subarray<Hold['kind']>(['operator', 'document', 'block', 'stop'], { minLength: 1 }),
        fc.constantFrom('active' as const, 'pending' as const),
        fc.array(call, { maxLength: 8 }),
        (kinds, status, calls) => {
          const holds = kinds.map(hold);
          let state = aClientState({ holds, status });
          for (const each of calls) {
            const events: readonly NewEvent[] =
              each === 'delete'
                ? [{ type: 'client.deleted', data: { client_id: 'c_1', by: 'client', reason: null } }]
                : replaceClient(
                    state,
                    asking({ metadata: metadataWith(each[0]), decision: aDecision(each[1]) }),
                  );
            for (const event of events) state = projectClient(state, recorded(event))!;
            expect(state.holds).toEqual(holds);
          }
        },
      ),
    );
  });
});
