import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inlineProjections } from '../../src/application/directory/inline-projections.js';
import { canonicalJson } from '../../src/contract/canonical-json.js';
import { streams } from '../../src/contract/streams.js';
import {
  isUsable,
  type InitialAccessTokenState,
} from '../../src/domain/initial-access-token/initial-access-token.js';
import { createPool } from '../../src/platform/database/pool.js';
import type { AppendCall, AppendResult, StreamHead } from '../../src/platform/event-log/append-call.js';
import { AppendFailed, OutdatedProjection } from '../../src/platform/event-log/append-errors.js';
import { eventHash } from '../../src/platform/event-log/encode-event.js';
import { EventLog, type ObservedBatch } from '../../src/platform/event-log/event-log.js';
import type { CommittedEvent } from '../../src/platform/event-log/event-reader.js';
import { PostgresEventReader } from '../../src/platform/event-log/postgres-event-reader.js';
import { aContext, aRegistration, clientDeleted, clientRegistered } from '../support/event-builders.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';

let database: TestDatabase;
let log: EventLog;
let reader: PostgresEventReader;

const anEventLog = (overrides: Partial<ConstructorParameters<typeof EventLog>[0]> = {}) =>
  new EventLog({
    pool: database.pool,
    projections: inlineProjections,
    recordedBy: 'contract-suite',
    ...overrides,
  });

beforeAll(async () => {
  database = await createTestDatabase();
  log = anEventLog();
  reader = new PostgresEventReader(database.pool);
});
afterAll(() => database.drop());

async function committed(call: AppendCall): Promise<Extract<AppendResult, { committed: true }>> {
  const result = await log.append(call);
  if (!result.committed) throw new Error(`unexpected conflict ${JSON.stringify(result.conflict)}`);
  return result;
}

describe('a committed append', () => {
  test('stores the canonical bytes of the envelope and chains the stream by hash', async () => {
    const stream = streams.client('default', 'c_chain');
    const first = await committed(aRegistration('c_chain'));
    await committed({
      context: aContext(),
      writes: [{ stream, head: first.heads[0], events: [clientDeleted('c_chain')] }],
    });

    const [registered, deleted] = await reader.readStream(stream);
    const envelope = JSON.parse(deleted!.body.toString('utf8')) as {
      prev_event_hash: string;
      version: number;
    };
    expect(canonicalJson(envelope)).toBe(deleted!.body.toString('utf8'));
    expect(envelope.version).toBe(2);
    expect(envelope.prev_event_hash).toBe(eventHash(registered!.body));
    expect(registered!.position).toBe(first.position);
  });

  test('writes the projected row in the same transaction', async () => {
    await committed(aRegistration('c_row'));
    const { rows } = await database.pool.query(
      `select status, version, hash, record->>'client_id' as id from client_directory where client_id = 'c_row'`,
    );
    const [event] = await reader.readStream(streams.client('default', 'c_row'));
    expect(rows).toEqual([{ status: 'active', version: 1, hash: eventHash(event!.body), id: 'c_row' }]);
  });

  test('keeps the decision input beside the event', async () => {
    const decision_id = '01900000-0000-7000-8000-000000000001';
    await committed(
      aRegistration('c_input', { decisionInput: { decision_id, body: Buffer.from('{"version":1}') } }),
    );
    const { rows } = await database.pool.query('select body from decision_inputs where decision_id = $1', [
      decision_id,
    ]);
    expect(rows[0]?.body.toString()).toBe('{"version":1}');
  });
});

describe('an observer that fails', () => {
  test('does not make an append fail that was committed', async () => {
    const observed = anEventLog({
      onBatch: () => {
        throw new Error('the metrics are broken');
      },
    });
    expect(await observed.append(aRegistration('c_observed'))).toMatchObject({ committed: true });
    expect(await observed.append(aRegistration('c_observed_again'))).toMatchObject({ committed: true });
  });
});

describe('append-only', () => {
  test.each([
    ['update', `update events set type = 'x'`],
    ['delete', 'delete from events'],
    ['truncate', 'truncate events'],
  ])('the database refuses to %s events', async (_, statement) => {
    await committed(aRegistration(`c_append_only_${_}`));
    await expect(database.pool.query(statement)).rejects.toThrow('events are never changed or removed');
  });
});

describe('a conflict', () => {
  test('of concurrent appends on one stream lets exactly one win and leaves the batch neighbours unharmed', async () => {
    const stream = streams.client('default', 'c_race');
    const head = (await committed(aRegistration('c_race'))).heads[0];
    const others = [anEventLog(), anEventLog(), anEventLog()];
    const racing = others.map((other) =>
      other.append({ context: aContext(), writes: [{ stream, head, events: [clientDeleted('c_race')] }] }),
    );
    const neighbours = others.map((other, index) => other.append(aRegistration(`c_neighbour_${index}`)));

    const results = await Promise.all(racing);
    expect(results.filter((result) => result.committed)).toHaveLength(1);
    for (const result of results.filter((each) => !each.committed)) {
      expect(result).toEqual({ committed: false, conflict: { kind: 'version', stream, version: 2 } });
    }
    expect((await Promise.all(neighbours)).every((result) => result.committed)).toBe(true);
    expect(await reader.readStream(stream)).toHaveLength(2);
  });

  test('of two calls of one instance on one stream is found although they arrive together', async () => {
    const results = await Promise.all([
      log.append(aRegistration('c_twice')),
      log.append(aRegistration('c_twice')),
    ]);
    expect(results.map((result) => result.committed)).toEqual([true, false]);
  });

  test('on a required stream writes nothing of the call', async () => {
    const result = await log.append(
      aRegistration('c_behind', { requires: [{ stream: streams.policy('default'), version: 7 }] }),
    );
    expect(result).toEqual({
      committed: false,
      conflict: { kind: 'version', stream: streams.policy('default'), version: 0 },
    });
    expect(await reader.readStream(streams.client('default', 'c_behind'))).toEqual([]);
  });

  test('on a claim writes nothing of the second call', async () => {
    const claims = [{ kind: 'idempotency_key', key: 'k1', holder: 'c_claim_1' }];
    const [first, second] = await Promise.all([
      log.append(aRegistration('c_claim_1', { claims })),
      log.append(aRegistration('c_claim_2', { claims })),
    ]);
    expect(first.committed).toBe(true);
    expect(second).toEqual({
      committed: false,
      conflict: { kind: 'claim', claim: 'idempotency_key', key: 'k1', holder: 'c_claim_1' },
    });
    expect(await reader.readStream(streams.client('default', 'c_claim_2'))).toEqual([]);
  });

  test('a value that the database refuses fails its own call only', async () => {
    const broken = aRegistration('c_broken', {
      decisionInput: { decision_id: 'not a uuid', body: Buffer.alloc(0) },
    });
    const [refused, good] = await Promise.allSettled([
      log.append(broken),
      log.append(aRegistration('c_beside')),
    ]);
    expect(refused.status).toBe('rejected');
    expect((refused as PromiseRejectedResult).reason).toBeInstanceOf(AppendFailed);
    expect(good).toMatchObject({ status: 'fulfilled', value: { committed: true } });
    expect(await reader.readStream(streams.client('default', 'c_broken'))).toEqual([]);
  });
});

describe('uses of one initial access token', () => {
  const consume = (id: string, head: StreamHead<InitialAccessTokenState>, clientId: string): AppendCall => {
    const events = [
      { type: 'initial_access_token.consumed', data: { token_id: id, client_id: clientId } } as const,
    ];
    return {
      context: aContext(),
      writes: [
        {
          stream: streams.client('default', clientId),
          head: undefined,
          events: [clientRegistered(clientId)],
        },
        {
          stream: streams.initialAccessToken(id),
          head,
          events,
          rebase: (on) => (isUsable(on.state as InitialAccessTokenState, 'default', 0) ? events : undefined),
        },
      ],
    };
  };

  const issue = async (id: string, maxUses: number | null) => {
    const issued = await committed({
      context: aContext(),
      writes: [
        {
          stream: streams.initialAccessToken(id),
          head: undefined,
          events: [
            {
              type: 'initial_access_token.issued',
              data: {
                token_id: id,
                credential: { id, alg: 'sha256', digest: '', created_at: '', expires_at: null },
                max_uses: maxUses,
                constraints: {},
                reason: { $sealed: { key: 'k', nonce: '', ciphertext: '' } },
              },
            },
          ],
        },
      ],
    });
    return issued.heads[0] as StreamHead<InitialAccessTokenState>;
  };
  /** A log that tells what became of every call of every statement. */
  const anObservedLog = () => {
    const statements: boolean[][] = [];
    const onBatch = (batch: ObservedBatch) =>
      statements.push(batch.results.map((result) => result.committed));
    return { observed: anEventLog({ onBatch }), statements };
  };
  const versionsOf = async (id: string) =>
    (await reader.readStream(streams.initialAccessToken(id))).map((event) => event.version);

  test.each([1, 5, 20])(
    'N parallel uses of a token with max_uses %i are N times accepted',
    async (maxUses) => {
      const id = `t${maxUses}`;
      const head = await issue(id, maxUses);
      const attempts = Array.from({ length: maxUses + 3 }, (_, n) =>
        log.append(consume(id, head, `c_${id}_${n}`)),
      );
      const results = await Promise.all(attempts);

      expect(results.filter((result) => result.committed)).toHaveLength(maxUses);
      const events = await reader.readStream(streams.initialAccessToken(id));
      expect(events.map((event) => event.version)).toEqual(
        Array.from({ length: maxUses + 1 }, (_, n) => n + 1),
      );
      const { rows } = await database.pool.query(
        `select (record->>'uses')::int as uses from initial_access_tokens where token_id = $1`,
        [id],
      );
      expect(rows).toEqual([{ uses: maxUses }]);
    },
  );

  test('a chain that lost against another instance, which used the token up, is refused as a whole, not half', async () => {
    const { rows } = await database.pool.query(
      `select version, hash, record from initial_access_tokens where token_id = 't5'`,
    );
    const stale = {
      version: rows[0].version - 1,
      hash: rows[0].hash,
      state: { ...rows[0].record, max_uses: 99 },
    };
    const results = await Promise.all([1, 2, 3].map((n) => log.append(consume('t5', stale, `c_stale_${n}`))));
    expect(results.map((result) => result.committed)).toEqual([false, false, false]);
  });

  test('that were decided on an old head follow the batches of their instance without a conflict', async () => {
    const head = await issue('t_follow', 4);
    const { observed, statements } = anObservedLog();
    for (const batch of [1, 2]) {
      await Promise.all([1, 2].map((n) => observed.append(consume('t_follow', head, `c_f_${batch}_${n}`))));
    }
    expect(statements).toEqual([
      [true, true],
      [true, true],
    ]);
    // What is used up is refused without asking the database.
    expect(await observed.append(consume('t_follow', head, 'c_f_3'))).toMatchObject({ committed: false });
    expect(statements).toHaveLength(2);
  });

  test('follow another instance in one more statement, and their neighbours do not wait for it', async () => {
    const head = await issue('t_two', 5);
    await committed(consume('t_two', head, 'c_two_0'));
    const { observed, statements } = anObservedLog();
    const results = await Promise.all([
      observed.append(consume('t_two', head, 'c_two_1')),
      observed.append(aRegistration('c_two_neighbour')),
      observed.append(consume('t_two', head, 'c_two_2')),
    ]);
    expect(results.map((result) => result.committed)).toEqual([true, true, true]);
    expect(statements).toEqual([
      [false, true, false],
      [true, true],
    ]);
    expect(await versionsOf('t_two')).toEqual([1, 2, 3, 4]);
  });

  test('by three busy instances never lose, however old the head is that they were decided on', async () => {
    const head = await issue('t_busy', null);
    const pools = [1, 2, 3].map(() => createPool(database.url, { size: 1 }));
    const waves = 20;
    const perInstance = pools.map(async (pool, instance) => {
      const own = anEventLog({ pool });
      const results: AppendResult[] = [];
      for (let wave = 0; wave < waves; wave++) {
        const uses = [1, 2].map((n) => own.append(consume('t_busy', head, `c_b_${instance}_${wave}_${n}`)));
        results.push(...(await Promise.all(uses)));
      }
      return results;
    });
    const results = (await Promise.all(perInstance)).flat();
    await Promise.all(pools.map((pool) => pool.end()));
    expect(results.filter((result) => !result.committed)).toEqual([]);
    expect(await versionsOf('t_busy')).toEqual(
      Array.from({ length: 1 + pools.length * waves * 2 }, (_, n) => n + 1),
    );
  });

  test('that another instance used up are refused, each for itself', async () => {
    const head = await issue('t_up', 3);
    await committed(consume('t_up', head, 'c_up_0'));
    const others = anEventLog();
    const results = await Promise.all(
      [1, 2, 3].map((n) => others.append(consume('t_up', head, `c_up_${n}`))),
    );
    expect(results.map((result) => result.committed)).toEqual([true, true, false]);
    expect(await reader.readStream(streams.client('default', 'c_up_3'))).toEqual([]);
  });

  test('that rely on what has changed are left to their callers', async () => {
    const head = await issue('t_behind', null);
    await committed(consume('t_behind', head, 'c_behind_0'));
    const stream = streams.policy('default');
    const behind = { ...consume('t_behind', head, 'c_behind_1'), requires: [{ stream, version: 7 }] };
    expect(await anEventLog().append(behind)).toEqual({
      committed: false,
      conflict: { kind: 'version', stream, version: 0 },
    });
  });

  test('with a value that the database refuses only then fail alone, and what they would have used up is left', async () => {
    const head = await issue('t_value', 3);
    const first = await committed(consume('t_value', head, 'c_value_0'));
    const taken = first.events[0]!.event_id;
    const broken = consume('t_value', head, 'c_value_1');
    const others = anEventLog();
    const outcomes = await Promise.allSettled([
      others.append({
        ...broken,
        writes: broken.writes.map((write) => ({
          ...write,
          events: write.rebase ? write.events : [{ ...write.events[0]!, event_id: taken }],
        })),
      }),
      others.append(consume('t_value', head, 'c_value_2')),
      others.append(consume('t_value', head, 'c_value_3')),
    ]);
    expect(outcomes).toMatchObject([
      { status: 'rejected', reason: expect.any(AppendFailed) },
      { status: 'fulfilled', value: { committed: true } },
      { status: 'fulfilled', value: { committed: true } },
    ]);
    expect(await versionsOf('t_value')).toEqual([1, 2, 3, 4]);
  });
});

describe('an instance with an older projection version', () => {
  test('is refused by the append', async () => {
    const outdated = anEventLog({ projectionVersion: 0 });
    await expect(outdated.append(aRegistration('c_outdated'))).rejects.toBeInstanceOf(OutdatedProjection);
    expect(await reader.readStream(streams.client('default', 'c_outdated'))).toEqual([]);
  });
});

describe('a reader polling by position while 16 writers on 4 connections commit', () => {
  test('sees every event, no gap, each stream in version order', async () => {
    const after = await reader.head();
    const writers = 16;
    const perWriter = 25;
    const pools = Array.from({ length: 4 }, () => createPool(database.url, { size: 1 }));
    const logs = pools.map((pool) => anEventLog({ pool }));
    const seen: CommittedEvent[] = [];
    let writing = true;

    const polling = (async () => {
      let cursor = after;
      for (;;) {
        const lastRound = !writing;
        const page = await reader.readAfter(cursor, 50);
        seen.push(...page);
        cursor = page.at(-1)?.position ?? cursor;
        if (lastRound && page.length === 0) return;
      }
    })();
    await Promise.all(
      Array.from({ length: writers }, async (_, writer) => {
        const own = logs[writer % logs.length]!;
        const clientId = `c_writer_${writer}`;
        const stream = streams.client('default', clientId);
        let head: StreamHead | undefined;
        for (let n = 0; n < perWriter; n++) {
          const event = n === 0 ? clientRegistered(clientId) : clientDeleted(clientId);
          const result = await own.append({
            context: aContext(),
            writes: [{ stream, head, events: [event] }],
          });
          if (!result.committed) throw new Error('nobody else writes to this stream');
          head = result.heads[0];
        }
      }),
    );
    writing = false;
    await polling;
    await Promise.all(pools.map((pool) => pool.end()));

    expect(seen.map((event) => event.position)).toEqual(
      Array.from({ length: writers * perWriter }, (_, n) => after + n + 1),
    );
    for (let writer = 0; writer < writers; writer++) {
      const own = seen.filter((event) => event.stream === streams.client('default', `c_writer_${writer}`));
      expect(own.map((event) => event.version)).toEqual(Array.from({ length: perWriter }, (_, n) => n + 1));
    }
  });
});
