import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  A_FINDING,
  A_SEALED,
  aClientState,
  aCredential,
  metadataWith,
  recorded,
} from '../../../test/support/client-events.js';
import { aContext, clientRegistered } from '../../../test/support/event-builders.js';
import type { PolicyTrace } from '../../contract/envelope.js';
import type { AnyEvent, EventCatalogue, NewEvent } from '../../contract/events/index.js';
import type { ClientState } from './client-state.js';
import { projectClient } from './project-client.js';

const client_id = 'c_1';
const LATER = '2026-11-24T10:00:00.000Z';
const A_TRACE: PolicyTrace = {
  decision_id: 'd_2',
  bundle_digest: 'b2',
  revision: 'r2',
  input_sha256: '',
  outcome: 'allow',
};

function replaced(overrides: Partial<EventCatalogue['client.replaced']> = {}): NewEvent<'client.replaced'> {
  return {
    type: 'client.replaced',
    data: {
      client_id,
      disposition: 'in_force',
      status: 'active',
      metadata: metadataWith('none', { client_name: 'Replaced' }),
      secrets: [],
      registration_access_token: aCredential('rat_2'),
      obligations: { scope_ceiling: ['mcp:tools'] },
      reviews: [],
      warnings: [],
      ...overrides,
    },
  };
}

const approved = (subject: 'client' | 'change'): NewEvent<'client.approved'> => ({
  type: 'client.approved',
  data: { client_id, subject, approved_version: 1, reason: A_SEALED },
});
const denied = (subject: 'client' | 'change'): NewEvent<'client.denied'> => ({
  type: 'client.denied',
  data: { client_id, subject, reason: A_SEALED },
});
const suspended = (
  hold_id: string,
  kind: EventCatalogue['client.suspended']['kind'],
): NewEvent<'client.suspended'> => ({
  type: 'client.suspended',
  data: { client_id, hold_id, kind, reason: A_SEALED },
});
const reinstated = (hold_id: string): NewEvent<'client.reinstated'> => ({
  type: 'client.reinstated',
  data: { client_id, hold_id, reason: A_SEALED },
});
const deleted: NewEvent<'client.deleted'> = {
  type: 'client.deleted',
  data: { client_id, by: 'operator', reason: A_SEALED },
};

const expired: NewEvent<'client.expired'> = {
  type: 'client.expired',
  data: { client_id, expired_at: LATER },
};
const secretRotated = (
  secrets: EventCatalogue['client.secret_rotated']['secrets'],
): NewEvent<'client.secret_rotated'> => ({
  type: 'client.secret_rotated',
  data: { client_id, secrets, reason: A_SEALED },
});
const tokenRotated: NewEvent<'client.registration_token_rotated'> = {
  type: 'client.registration_token_rotated',
  data: {
    client_id,
    by: 'operator',
    registration_access_token: aCredential('rat_3'),
    reason: A_SEALED,
  },
};
const ENDS = new Set(['denied', 'expired', 'deleted']);

/** Events that other streams have, and one that a later build may write. */
const foreign: readonly AnyEvent[] = [
  recorded({ type: 'initial_access_token.consumed', data: { token_id: 't', client_id } }),
  recorded({ type: 'initial_access_token.revoked', data: { token_id: 't', reason: A_SEALED } }),
  recorded({
    type: 'policy.activated',
    data: { bundle_digest: 'b', revision: 'r', previous_digest: null, reason: null },
  }),
  recorded({
    type: 'registration.refused',
    data: {
      action: 'replace',
      channel: 'dynamic',
      client_id,
      error: 'invalid_redirect_uri',
      violations: [A_FINDING],
      metadata_sha256: '',
    },
  }),
  { ...recorded(deleted), type: 'client.used' } as unknown as AnyEvent,
];

const holdId = fc.constantFrom('h_1', 'h_2', 'h_3');
const subject = fc.constantFrom('client' as const, 'change' as const);
const credentials = fc.array(
  fc.constantFrom('s_1', 's_2').map((id) => aCredential(id)),
  { maxLength: 2 },
);
const metadata = fc.constantFrom(
  metadataWith('none'),
  metadataWith('client_secret_basic'),
  metadataWith('private_key_jwt', { client_name: 'With keys' }),
);
const newEvent: fc.Arbitrary<NewEvent> = fc.oneof(
  fc
    .record({
      disposition: fc.constantFrom('in_force' as const, 'awaiting_review' as const),
      status: fc.constantFrom('pending' as const, 'active' as const),
      metadata,
      secrets: credentials,
      reviews: fc.constantFrom([], [A_FINDING]),
    })
    .map(replaced),
  subject.map(approved),
  subject.map(denied),
  fc
    .tuple(
      holdId,
      fc.constantFrom('operator' as const, 'document' as const, 'block' as const, 'stop' as const),
    )
    .map(([id, kind]) => suspended(id, kind)),
  holdId.map(reinstated),
  credentials.map(secretRotated),
  fc.constantFrom(deleted, expired, tokenRotated, clientRegistered(client_id)),
);
const laterEvent: fc.Arbitrary<AnyEvent> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .tuple(newEvent, fc.constantFrom(null, A_TRACE))
      .map(([event, policy]) => recorded(event, { ...aContext(), occurred_at: LATER, policy })),
  },
  { weight: 1, arbitrary: fc.constantFrom(...foreign) },
);
const registration: fc.Arbitrary<AnyEvent> = fc
  .record({ status: fc.constantFrom('pending' as const, 'active' as const), metadata, secrets: credentials })
  .map((data) => {
    const event = clientRegistered(client_id);
    return recorded({ ...event, data: { ...event.data, ...data } });
  });
const history = fc
  .tuple(registration, fc.array(laterEvent, { maxLength: 12 }))
  .map(([first, rest]) => [first, ...rest]);

const fold = (events: readonly AnyEvent[]): ClientState | undefined =>
  events.reduce<ClientState | undefined>(projectClient, undefined);

/** The states before and after each event that follows the registration. */
function steps(events: readonly AnyEvent[]): { before: ClientState; event: AnyEvent; after: ClientState }[] {
  let state = projectClient(undefined, events[0]!)!;
  return events.slice(1).map((event) => {
    const before = state;
    state = projectClient(before, event)!;
    return { before, event, after: state };
  });
}

function holdsAfter({ holds }: ClientState, event: AnyEvent): ClientState['holds'] {
  switch (event.type) {
    case 'client.suspended': {
      const { hold_id, kind } = event.data;
      return [...holds, { hold_id, kind, placed_at: event.occurred_at }];
    }
    case 'client.reinstated':
      return holds.filter((hold) => hold.hold_id !== event.data.hold_id);
    default:
      return holds;
  }
}

function frozen<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(frozen);
  }
  return value;
}

describe('any history', () => {
  test('folds without an error, changes nothing that it is given, and folds to the same again', () => {
    fc.assert(
      fc.property(history, (events) => {
        frozen(events);
        let state: ClientState | undefined;
        for (const event of events) state = frozen(projectClient(state, event));
        expect(state).toEqual(fold(events));
      }),
    );
  });

  test('folds to the same from the log as from a stored row and the events after it', () => {
    const stored = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value)) as Value;
    fc.assert(
      fc.property(history, (events) => {
        let row = projectClient(undefined, stored(events[0]!))!;
        for (const event of events.slice(1)) row = projectClient(stored(row), stored(event))!;
        expect(row).toEqual(fold(events));
      }),
    );
  });

  test('P4 places a hold by a suspension, lifts it by its own reinstatement, and changes holds by nothing else', () => {
    fc.assert(
      fc.property(history, (events) => {
        for (const { before, event, after } of steps(events))
          expect(after.holds).toEqual(holdsAfter(before, event));
      }),
      { numRuns: 500 },
    );
  });

  test('leaves what is in force untouched by a replacement that waits for review', () => {
    fc.assert(
      fc.property(history, (events) => {
        for (const { before, event, after } of steps(events)) {
          if (event.type !== 'client.replaced' || event.data.disposition !== 'awaiting_review') continue;
          const {
            pending_change: _,
            secrets: _s,
            registration_access_token: _t,
            updated_at: _u,
            ...kept
          } = after;
          expect(before).toMatchObject(kept);
        }
      }),
    );
  });

  test('keeps realm, id, channel, constraints, expiry and time of creation for good', () => {
    fc.assert(
      fc.property(history, (events) => {
        for (const { before, after } of steps(events)) {
          const {
            realm,
            client_id: id,
            channel,
            constraints,
            initial_access_token,
            expires_at,
            created_at,
          } = before;
          expect(after).toMatchObject({
            realm,
            client_id: id,
            channel,
            constraints,
            initial_access_token,
            expires_at,
            created_at,
          });
        }
      }),
    );
  });

  test('that ended the client keeps no credential, whatever follows', () => {
    fc.assert(
      fc.property(history, (events) => {
        for (const { after } of steps(events).filter((step) => ENDS.has(step.after.status))) {
          expect(after).toMatchObject({ secrets: [], registration_access_token: null, pending_change: null });
        }
      }),
      { numRuns: 500 },
    );
  });

  test('that ended the client never has it pending or active again', () => {
    fc.assert(
      fc.property(history, (events) => {
        const statuses = steps(events).map(({ after }) => after.status);
        const end = statuses.findIndex((status) => ENDS.has(status));
        expect(end < 0 ? [] : statuses.slice(end).filter((status) => status !== statuses[end])).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});

describe('an event of another kind', () => {
  test.each(foreign.map((event) => [event.type as string, event] as const))(
    '%s changes nothing',
    (_, event) => {
      const state = aClientState({ holds: [{ hold_id: 'h_1', kind: 'operator', placed_at: LATER }] });
      expect(projectClient(state, event)).toBe(state);
      expect(projectClient(undefined, event)).toBeUndefined();
    },
  );

  test('that speaks of a client nobody registered makes none', () => {
    fc.assert(
      fc.property(fc.array(laterEvent, { maxLength: 6 }), (events) => {
        expect(fold(events.filter(({ type }) => type !== 'client.registered'))).toBeUndefined();
      }),
    );
  });
});

describe('a registration', () => {
  test('is the client as it was admitted, with the decision that admitted it', () => {
    const event = clientRegistered(client_id);
    const state = projectClient(undefined, recorded(event, { realm: 'payroll', policy: A_TRACE }))!;
    const { secrets, registration_access_token, ...data } = event.data;
    expect(state).toEqual({
      ...data,
      secrets,
      registration_access_token,
      realm: 'payroll',
      holds: [],
      pending_change: null,
      decision: { decision_id: 'd_2', bundle_digest: 'b2', revision: 'r2' },
      created_at: '2026-11-23T10:00:00.000Z',
      updated_at: '2026-11-23T10:00:00.000Z',
    });
  });
});

describe('a second registration', () => {
  test('P4 of the same client changes nothing, its holds least of all', () => {
    const state = aClientState({ holds: [{ hold_id: 'h_1', kind: 'operator', placed_at: LATER }] });
    expect(projectClient(state, recorded(clientRegistered(client_id, 'Again')))).toEqual(state);
  });
});

describe('a replacement', () => {
  const before = aClientState({
    secrets: [aCredential('s_1')],
    registration_access_token: aCredential('rat_1'),
    decision: { decision_id: 'd_1', bundle_digest: 'b1', revision: 'r1' },
  });
  const at = { occurred_at: LATER, policy: A_TRACE };

  test('in force is what holds from now on, and discards a change that was waiting', () => {
    const waiting = projectClient(before, recorded(replaced({ disposition: 'awaiting_review' }), at));
    const data = replaced({ status: 'pending', reviews: [A_FINDING] });
    expect(projectClient(waiting, recorded(data, at))).toMatchObject({
      status: 'pending',
      metadata: data.data.metadata,
      obligations: data.data.obligations,
      reviews: [A_FINDING],
      secrets: [],
      registration_access_token: { id: 'rat_2' },
      pending_change: null,
      decision: { decision_id: 'd_2' },
      updated_at: LATER,
    });
  });

  test('that waits is kept beside what is in force, and the registration access token rotates at once', () => {
    const data = replaced({ disposition: 'awaiting_review', secrets: before.secrets, reviews: [A_FINDING] });
    const { metadata: asked, obligations, reviews, warnings } = data.data;
    const { decision_id, bundle_digest, revision } = at.policy;
    const decision = { decision_id, bundle_digest, revision };
    expect(projectClient(before, recorded(data, at))).toEqual({
      ...before,
      registration_access_token: aCredential('rat_2'),
      pending_change: { submitted_at: LATER, metadata: asked, obligations, reviews, warnings, decision },
      updated_at: LATER,
    });
  });
});

describe('a rotation by an operator', () => {
  const before = aClientState({
    secrets: [aCredential('s_1')],
    registration_access_token: { ...aCredential('rat_2'), replaces: aCredential('rat_1', LATER) },
  });

  test('of the secret leaves exactly the secrets that the event names, and nothing else changes', () => {
    const secrets = [aCredential('s_1', LATER), aCredential('s_2')];
    const after = projectClient(before, recorded(secretRotated(secrets), { occurred_at: LATER }));
    expect(after).toEqual({ ...before, secrets, updated_at: LATER });
  });

  test('of the registration access token ends the one before, and its grace', () => {
    const after = projectClient(before, recorded(tokenRotated, { occurred_at: LATER }));
    expect(after).toEqual({
      ...before,
      registration_access_token: aCredential('rat_3'),
      updated_at: LATER,
    });
  });
});

describe('a reinstatement', () => {
  const hold = (hold_id: string) => ({ hold_id, kind: 'operator', placed_at: LATER }) as const;
  const held = aClientState({ holds: [hold('h_1'), hold('h_2')] });

  test('lifts the hold it names and no other of its kind', () => {
    expect(projectClient(held, recorded(reinstated('h_1')))?.holds).toEqual([hold('h_2')]);
  });

  test('of a hold that is not there lifts none', () => {
    expect(projectClient(held, recorded(reinstated('h_3')))?.holds).toEqual(held.holds);
  });
});

describe('a review', () => {
  const waiting = aClientState({
    secrets: [aCredential('s_1')],
    metadata: metadataWith('client_secret_basic'),
    pending_change: {
      submitted_at: LATER,
      metadata: metadataWith('none', { client_name: 'Wanted' }),
      obligations: { token_lifetime: 60, trust: 'untrusted' },
      reviews: [A_FINDING],
      warnings: [],
      decision: { decision_id: 'd_change', bundle_digest: 'b_change', revision: 'r_change' },
    },
  });

  test('that approves a client lets it in as approved', () => {
    const pending = aClientState({
      status: 'pending',
      reviews: [A_FINDING],
      obligations: { token_lifetime: 60 },
    });
    expect(projectClient(pending, recorded(approved('client')))).toMatchObject({
      status: 'active',
      reviews: [],
      obligations: { token_lifetime: 60, trust: 'approved' },
    });
  });

  test('that approves a change puts it in force, and M-29 a change to none drops the secrets', () => {
    expect(projectClient(waiting, recorded(approved('change')))).toMatchObject({
      status: 'active',
      metadata: waiting.pending_change!.metadata,
      obligations: { token_lifetime: 60, trust: 'approved' },
      pending_change: null,
      secrets: [],
    });
  });

  test('that approves a change to another method with a secret keeps the secrets', () => {
    const change = { ...waiting.pending_change!, metadata: metadataWith('client_secret_post') };
    const after = projectClient({ ...waiting, pending_change: change }, recorded(approved('change')));
    expect(after?.secrets).toEqual(waiting.secrets);
  });

  test('that denies a change discards it and nothing else', () => {
    const after = projectClient(waiting, recorded(denied('change'), { occurred_at: LATER }));
    expect(after).toEqual({ ...waiting, pending_change: null, updated_at: LATER });
  });

  test.each([
    ['denies the client', denied('client'), 'denied'],
    ['deletes it', deleted, 'deleted'],
    ['lets it expire', expired, 'expired'],
  ] as const)('or anybody who %s leaves no credential behind', (_, event, status) => {
    const state = { ...waiting, registration_access_token: aCredential('rat_1') };
    expect(projectClient(state, recorded(event))).toMatchObject({
      status,
      secrets: [],
      registration_access_token: null,
      pending_change: null,
    });
  });
});

describe('R-92 the software statement behind the metadata', () => {
  const statement = (issuer: string) => ({
    software_statement: { statement: A_SEALED, sha256: 'aGFzaA', issuer, members: ['client_name'] },
  });
  const registered = clientRegistered(client_id);
  const stated = recorded({ ...registered, data: { ...registered.data, ...statement('a') } });

  test('is there from the registration on, and no member of clients without one', () => {
    expect(projectClient(undefined, stated)).toMatchObject(statement('a'));
    expect(projectClient(undefined, recorded(registered))).not.toHaveProperty('software_statement');
  });

  test('follows a replacement that is in force', () => {
    const state = projectClient(undefined, stated);
    expect(projectClient(state, recorded(replaced(statement('b'))))).toMatchObject(statement('b'));
  });

  test('waits with a replacement that is reviewed, and comes in force with it', () => {
    const state = projectClient(undefined, stated);
    const change = replaced({ ...statement('b'), disposition: 'awaiting_review' });
    const waits = projectClient(state, recorded(change))!;
    expect(waits).toMatchObject({ ...statement('a'), pending_change: statement('b') });
    expect(projectClient(waits, recorded(approved('change')))).toMatchObject(statement('b'));
    expect(projectClient(waits, recorded(denied('change')))).toMatchObject(statement('a'));
  });
});
