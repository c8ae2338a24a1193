import { describe, expect, test } from 'vitest';
import { aContext, clientDeleted, clientRegistered } from '../../../test/support/event-builders.js';
import type { NewEvent } from '../../contract/events/index.js';
import { streams } from '../../contract/streams.js';
import { AppendBatch, type AppendRow } from './append-batch.js';
import type { AppendCall, StreamHead, Write } from './append-call.js';
import { eventHash } from './encode-event.js';
import type { InlineProjection } from './inline-projection.js';
import { KnownHeads } from './known-heads.js';

/** Folds a stream into the number of its events. */
const counting: InlineProjection<{ readonly events: number }> = {
  streamType: 'client',
  table: 'counted',
  project: (state) => ({ events: (state?.events ?? 0) + 1 }),
  columns: (state) => ({ events: state.events }),
};
const aBatch = (known?: KnownHeads) =>
  new AppendBatch(new Map([['client', counting as unknown as InlineProjection]]), 'batch-suite', known);

const A = streams.client('default', 'c_a');
const B = streams.client('default', 'c_b');
const POLICY = streams.policy('default');
const headAt = (version: number): StreamHead => ({
  version,
  hash: `hash-${version}`,
  state: { events: version },
});

const write = (stream: string, head?: StreamHead, more: Partial<Write> = {}): Write => ({
  stream,
  head,
  events: [head ? clientDeleted('c_a') : clientRegistered('c_a')],
  ...more,
});
const call = (writes: readonly Write[], more: Partial<AppendCall> = {}): AppendCall => ({
  context: aContext(),
  writes,
  ...more,
});

/** Names of the parameters of `append_events` after the projection version and the number of calls. */
const parameterNames = `checkStream checkVersion useCall useCheck chainCall chainOn chainStream
   guardCall guardRealm guardKind guardKey guardFound claimCall claimKind claimKey claimHolder claimOver
   eventCall eventId eventStream eventVersion eventType eventRealm eventBody
   rowCall rowStream rowVersion rowTable row inputCall inputId inputBody`.split(/\s+/);
function parametersOf(batch: AppendBatch): { readonly [name: string]: readonly unknown[] } {
  const arrays = batch.arrays();
  expect(arrays).toHaveLength(parameterNames.length);
  return Object.fromEntries(parameterNames.map((name, index) => [name, arrays[index]!]));
}
function added(...calls: readonly AppendCall[]): AppendBatch {
  const batch = aBatch();
  for (const each of calls) {
    expect(batch.accepts(each)).toBe(true);
    expect(batch.add(each)).toBeUndefined();
  }
  return batch;
}

describe('a call joins a batch', () => {
  const rebase = () => [clientDeleted('c_a')];
  const guards = [{ kind: 'fingerprint', key: 'f', found: null, streamType: 'client' }];
  test.each<[string, AppendCall, AppendCall, boolean]>([
    ['that writes to another stream', call([write(A)]), call([write(B)]), true],
    ['that writes to the same stream', call([write(A)]), call([write(A)]), false],
    [
      'that writes to the same stream and can be decided again',
      call([write(A, headAt(1))]),
      call([write(A, headAt(1), { rebase })]),
      true,
    ],
    [
      'that creates the same stream, although it could be decided again',
      call([write(A)]),
      call([write(A, undefined, { rebase })]),
      false,
    ],
    [
      'that only in its second write touches a stream of the batch',
      call([write(A)]),
      call([write(B), write(A, headAt(1))]),
      false,
    ],
    [
      'that requires what the batch writes',
      call([write(POLICY)]),
      call([write(A)], { requires: [{ stream: POLICY, version: 0 }] }),
      false,
    ],
    [
      'that writes what the batch requires',
      call([write(A)], { requires: [{ stream: POLICY, version: 1 }] }),
      call([write(POLICY, headAt(1), { rebase })]),
      false,
    ],
    [
      'that requires what the batch requires, at whatever version',
      call([write(A)], { requires: [{ stream: POLICY, version: 1 }] }),
      call([write(B)], { requires: [{ stream: POLICY, version: 2 }] }),
      true,
    ],
    [
      'that claims what the batch claims',
      call([write(A)], { claims: [{ kind: 'idempotency_key', key: 'k', holder: 'h' }] }),
      call([write(B)], { claims: [{ kind: 'idempotency_key', key: 'k', holder: 'h' }] }),
      false,
    ],
    [
      'that claims the same key of another kind',
      call([write(A)], { claims: [{ kind: 'idempotency_key', key: 'k', holder: 'h' }] }),
      call([write(B)], { claims: [{ kind: 'jti', key: 'k', holder: 'h' }] }),
      true,
    ],
    ['that is guarded', call([write(A)]), call([write(B)], { guards }), true],
    [
      'that is guarded by what an existing stream of the batch may change',
      call([write(A, headAt(1))]),
      call([write(B)], { guards }),
      false,
    ],
    [
      'that is guarded by what no stream of the batch may change',
      call([write(POLICY, headAt(1))]),
      call([write(B)], { guards }),
      true,
    ],
    [
      'that changes what a call before it was guarded by',
      call([write(B)], { guards }),
      call([write(A, headAt(1))]),
      true,
    ],
  ])('%s', (_, first, second, accepted) => {
    expect(added(first).accepts(second)).toBe(accepted);
  });
});

describe('what a batch hands to the database', () => {
  test('is a check per stream and version, shared by the calls that rely on it', () => {
    const requires = [{ stream: POLICY, version: 3 }];
    const parameters = parametersOf(
      added(call([write(A)], { requires }), call([write(B, headAt(4))], { requires })),
    );
    expect(parameters).toMatchObject({
      checkStream: [POLICY, A, B],
      checkVersion: [3, 0, 4],
      useCall: [1, 1, 2, 2],
      useCheck: [1, 2, 1, 3],
    });
  });

  test('keeps two versions of one stream apart', () => {
    const parameters = parametersOf(
      added(
        call([write(A)], { requires: [{ stream: POLICY, version: 1 }] }),
        call([write(B)], { requires: [{ stream: POLICY, version: 2 }] }),
      ),
    );
    expect(parameters).toMatchObject({ checkStream: [POLICY, A, POLICY, B], checkVersion: [1, 0, 2, 0] });
  });

  test('is every event, numbered and chained by hash within its stream', () => {
    const events: NewEvent[] = [clientDeleted('c_a'), clientDeleted('c_a')];
    const parameters = parametersOf(added(call([write(A, headAt(4), { events }), write(B)])));
    expect(parameters).toMatchObject({
      eventCall: [1, 1, 1],
      eventStream: [A, A, B],
      eventVersion: [5, 6, 1],
      eventType: ['client.deleted', 'client.deleted', 'client.registered'],
      eventRealm: ['default', 'default', 'default'],
    });
    const bodies = parameters['eventBody'] as Buffer[];
    const previous = bodies.map(
      (body) => (JSON.parse(body.toString()) as { prev_event_hash: unknown }).prev_event_hash,
    );
    expect(previous).toEqual(['hash-4', eventHash(bodies[0]!), null]);
  });

  test('is one row per write, as it stands after the last event, and none where nothing is projected', () => {
    const events: NewEvent[] = [clientDeleted('c_a'), clientDeleted('c_a')];
    const parameters = parametersOf(added(call([write(A, headAt(4), { events }), write(POLICY)])));
    expect(parameters).toMatchObject({
      rowCall: [1],
      rowStream: [A],
      rowVersion: [6],
      rowTable: ['counted'],
    });
    expect(JSON.parse(parameters['row']![0] as string)).toEqual({
      stream: A,
      version: 6,
      hash: eventHash((parameters['eventBody'] as Buffer[])[1]!),
      events: 6,
      record: { events: 6 },
    });
  });

  test('names guards by their call and its realm, and what was not found as nothing', () => {
    const guard = { kind: 'software', key: 's', streamType: 'client' };
    const parameters = parametersOf(
      added(
        call([write(A)]),
        call([write(B)], {
          context: aContext({ realm: 'payroll' }),
          guards: [
            { ...guard, found: null },
            { ...guard, found: '1 stream' },
          ],
        }),
      ),
    );
    expect(parameters).toMatchObject({
      guardCall: [2, 2],
      guardRealm: ['payroll', 'payroll'],
      guardKind: ['software', 'software'],
      guardKey: ['s', 's'],
      guardFound: ['', '1 stream'],
    });
  });

  test('says whom a claim may be taken over from', () => {
    const claims = [{ kind: 'fold', key: 'k', holder: 'new', over: 'old' }];
    expect(parametersOf(added(call([write(A)], { claims })))).toMatchObject({
      claimHolder: ['new'],
      claimOver: ['old'],
    });
  });

  test('names claims and decision inputs by their call', () => {
    const body = Buffer.from('{}');
    const parameters = parametersOf(
      added(
        call([write(A)]),
        call([write(B)], {
          claims: [{ kind: 'jti', key: 'k', holder: 'h' }],
          decisionInput: { decision_id: 'd', body },
        }),
      ),
    );
    expect(parameters).toMatchObject({
      claimCall: [2],
      claimKind: ['jti'],
      claimKey: ['k'],
      claimHolder: ['h'],
      claimOver: [''],
      inputCall: [2],
      inputId: ['d'],
      inputBody: [body],
    });
  });
});

describe('uses of one stream in one batch', () => {
  const use = (seen: StreamHead[] = []): AppendCall =>
    call([
      write(A, headAt(2), {
        rebase: (head) => {
          seen.push(head);
          return head.version < 4 ? [clientDeleted('c_a')] : undefined;
        },
      }),
    ]);

  test('are decided on what the one before leaves, and chained to it without a check of their own', () => {
    const seen: StreamHead[] = [];
    const parameters = parametersOf(added(use(seen), use(seen)));
    const [body] = parameters['eventBody'] as Buffer[];
    expect(seen).toEqual([{ version: 3, hash: eventHash(body!), state: { events: 3 } }]);
    expect(parameters).toMatchObject({
      checkStream: [A],
      checkVersion: [2],
      useCall: [1],
      chainCall: [2],
      chainOn: [1],
      chainStream: [A],
      eventVersion: [3, 4],
      rowVersion: [3, 4],
    });
  });

  test('are refused at once where the stream would not allow one more, and leave the batch as it was', () => {
    const batch = added(use(), use());
    const before = batch.arrays();
    expect(batch.accepts(use())).toBe(true);
    expect(batch.add(call([write(B), ...use().writes]))).toEqual({
      committed: false,
      conflict: { kind: 'version', stream: A, version: 4 },
    });
    expect(batch.size).toBe(2);
    expect(batch.arrays()).toEqual(before);
    expect(batch.accepts(call([write(B)]))).toBe(true);
  });
});

describe('a call that cannot be written', () => {
  test.each<[string, Write]>([
    [
      'has an event without a canonical form',
      write(B, undefined, { events: [clientRegistered('c_b', '\ud83d')] }),
    ],
    ['has a write without an event', write(B, undefined, { events: [] })],
    ['has a write to an existing stream without an event', write(B, headAt(1), { events: [] })],
  ])('because it %s is refused and leaves the batch as it was', (_, broken) => {
    const batch = added(call([write(POLICY)]));
    const before = batch.arrays();
    expect(() => batch.add(call([write(A), broken]))).toThrow(TypeError);
    expect(batch.arrays()).toEqual(before);
    expect(batch.accepts(call([write(A), write(B)]))).toBe(true);
  });
});

describe('a write that was decided on an older head than the newest known', () => {
  const known = new KnownHeads();
  known.learn(A, headAt(7));
  const use = (rebase?: Write['rebase']) => call([write(A, headAt(2), rebase && { rebase })]);

  test('is decided on the newest, and checked against it', () => {
    const seen: StreamHead[] = [];
    const batch = aBatch(known);
    const rebase = (head: StreamHead) => {
      seen.push(head);
      return [clientDeleted('c_a')];
    };
    expect(batch.add(use(rebase))).toBeUndefined();
    expect(batch.add(use(rebase))).toBeUndefined();
    expect(seen.map((head) => head.version)).toEqual([7, 8]);
    const parameters = parametersOf(batch);
    expect(parameters).toMatchObject({
      checkVersion: [7],
      chainCall: [2],
      chainOn: [1],
      eventVersion: [8, 9],
    });
    const [body] = parameters['eventBody'] as Buffer[];
    expect(JSON.parse(body!.toString())).toMatchObject({ prev_event_hash: 'hash-7' });
  });

  test('is refused where the newest would not allow it, and leaves the batch as it was', () => {
    const batch = aBatch(known);
    expect(batch.add(use(() => undefined))).toEqual({
      committed: false,
      conflict: { kind: 'version', stream: A, version: 7 },
    });
    expect(batch.size).toBe(0);
  });

  test('stays as it was decided when it cannot be decided again', () => {
    const batch = aBatch(known);
    batch.add(use());
    expect(parametersOf(batch)).toMatchObject({ checkVersion: [2], eventVersion: [3] });
  });
});

describe('what the database answers', () => {
  const row = (number: number, more: Partial<AppendRow> = {}): AppendRow => ({
    call: number,
    first_position: null,
    conflict_stream: null,
    conflict_version: null,
    conflict_guard: null,
    conflict_claim: null,
    conflict_key: null,
    conflict_found: null,
    ...more,
  });
  const batch = () => added(call([write(A), write(POLICY)]), call([write(B, headAt(4))]));

  test('is for a committed call its position, its events and where its streams stand', () => {
    const [first] = batch().results([row(1, { first_position: '9007199254740991' }), row(2)]);
    expect(first).toMatchObject({
      committed: true,
      position: 9_007_199_254_740_991,
      events: [
        { stream: A, version: 1 },
        { stream: POLICY, version: 1 },
      ],
      heads: [{ version: 1, state: { events: 1 } }, { version: 1 }],
    });
  });

  test('is for any other call the conflict, by version, guard or claim', () => {
    const three = added(call([write(A)]), call([write(B)]), call([write(POLICY)]));
    const results = three.results([
      row(1, { conflict_stream: POLICY, conflict_version: 3 }),
      row(2, { conflict_claim: 'idempotency_key', conflict_key: 'k', conflict_found: 'h' }),
      row(3, { conflict_guard: 'software', conflict_key: 's' }),
    ]);
    expect(results).toEqual([
      { committed: false, conflict: { kind: 'version', stream: POLICY, version: 3 } },
      { committed: false, conflict: { kind: 'claim', claim: 'idempotency_key', key: 'k', holder: 'h' } },
      { committed: false, conflict: { kind: 'guard', guard: 'software', key: 's', found: null } },
    ]);
  });

  test.each([
    ['in another order', [row(2), row(1)]],
    ['too little', [row(1, { first_position: '1' })]],
    ['nothing', []],
  ])('%s is an error, never a result', (_, rows) => {
    expect(() => batch().results(rows)).toThrow('out of order');
  });
});
