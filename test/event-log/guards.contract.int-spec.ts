import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inlineProjections } from '../../src/application/directory/inline-projections.js';
import { metadataFingerprint } from '../../src/application/admission/metadata-fingerprint.js';
import { streams } from '../../src/contract/streams.js';
import { createPool } from '../../src/platform/database/pool.js';
import type {
  AppendCall,
  AppendResult,
  Guard,
  StreamHead,
} from '../../src/platform/event-log/append-call.js';
import { EventLog, type ObservedBatch } from '../../src/platform/event-log/event-log.js';
import { PostgresEventReader } from '../../src/platform/event-log/postgres-event-reader.js';
import { A_SEALED } from '../support/client-events.js';
import { aContext, aRegistration, clientDeleted, clientRegistered } from '../support/event-builders.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';

let database: TestDatabase;
let log: EventLog;
let reader: PostgresEventReader;

const anEventLog = (overrides: Partial<ConstructorParameters<typeof EventLog>[0]> = {}) =>
  new EventLog({
    pool: database.pool,
    projections: inlineProjections,
    recordedBy: 'guards-suite',
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
const claiming = (clientId: string, key: string, more: { over?: string } = {}) =>
  aRegistration(clientId, { claims: [{ kind: 'fold', key, holder: clientId, ...more }] });
/** A registration under a name of its own, guarded by its fingerprint. */
const guarded = (clientId: string, name: string, found: string | null = null): AppendCall => ({
  context: aContext(),
  writes: [
    {
      stream: streams.client('default', clientId),
      head: undefined,
      events: [clientRegistered(clientId, name)],
    },
  ],
  guards: [fingerprintOf(name, found)],
});
const fingerprintOf = (name: string, found: string | null): Guard => ({
  kind: 'fingerprint',
  key: metadataFingerprint(clientRegistered('any', name).data.metadata),
  found,
  streamType: 'client',
});
const suspended = (clientId: string, head: StreamHead | undefined): AppendCall => ({
  context: aContext(),
  writes: [
    {
      stream: streams.client('default', clientId),
      head,
      events: [
        {
          type: 'client.suspended',
          data: { client_id: clientId, hold_id: `h_${clientId}`, kind: 'operator', reason: A_SEALED },
        },
      ],
    },
  ],
});
const reinstated = (clientId: string, head: StreamHead | undefined): AppendCall => ({
  context: aContext(),
  writes: [
    {
      stream: streams.client('default', clientId),
      head,
      events: [
        {
          type: 'client.reinstated',
          data: { client_id: clientId, hold_id: `h_${clientId}`, reason: A_SEALED },
        },
      ],
    },
  ],
});

describe('a claim', () => {
  test('is lost to exactly one of 16 writers on 4 connections, who are told who won, and no neighbour is harmed', async () => {
    const pools = Array.from({ length: 4 }, () => createPool(database.url, { size: 1 }));
    const logs = pools.map((pool) => anEventLog({ pool }));
    const rounds = 10;
    const outcomes = await Promise.all(
      Array.from({ length: 16 }, async (_, writer) => {
        const own = logs[writer % logs.length]!;
        const results: AppendResult[] = [];
        for (let round = 0; round < rounds; round++) {
          const [claimed, neighbour] = await Promise.all([
            own.append(claiming(`c_w_${round}_${writer}`, `k_${round}`)),
            own.append(aRegistration(`c_n_${round}_${writer}`)),
          ]);
          expect(neighbour.committed).toBe(true);
          results.push(claimed);
        }
        return results;
      }),
    );
    await Promise.all(pools.map((pool) => pool.end()));
    for (let round = 0; round < rounds; round++) {
      const ofRound = outcomes.map((results) => results[round]!);
      const winner = ofRound.findIndex((result) => result.committed);
      expect(ofRound.filter((result) => result.committed)).toHaveLength(1);
      for (const lost of ofRound.filter((result) => !result.committed)) {
        const conflict = {
          kind: 'claim',
          claim: 'fold',
          key: `k_${round}`,
          holder: `c_w_${round}_${winner}`,
        };
        expect(lost).toEqual({ committed: false, conflict });
      }
    }
  });

  test('is taken over from the holder that is named, and from no other', async () => {
    await committed(claiming('c_over_1', 'over'));
    expect(await log.append(claiming('c_over_2', 'over', { over: 'c_over_0' }))).toMatchObject({
      conflict: { kind: 'claim', holder: 'c_over_1' },
    });
    await committed(claiming('c_over_2', 'over', { over: 'c_over_1' }));
    expect(await log.append(claiming('c_over_3', 'over', { over: 'c_over_1' }))).toMatchObject({
      conflict: { kind: 'claim', holder: 'c_over_2' },
    });
  });

  test('of a call that fails for another reason stays free', async () => {
    const requires = [{ stream: streams.policy('default'), version: 9 }];
    expect(await log.append({ ...claiming('c_free_1', 'free'), requires })).toMatchObject({
      committed: false,
    });
    await committed(claiming('c_free_2', 'free'));
  });

  test('that fails a call is told to that call only: what is chained to it hears of the stream', async () => {
    await committed(claiming('c_chain_0', 'chained'));
    const stream = streams.client('default', 'c_shared');
    const head = (await committed(aRegistration('c_shared'))).heads[0];
    const using = (clientId: string, more: Partial<AppendCall> = {}): AppendCall => ({
      ...aRegistration(clientId, more),
      writes: [
        ...aRegistration(clientId).writes,
        { stream, head, events: [clientDeleted('c_shared')], rebase: () => [clientDeleted('c_shared')] },
      ],
    });
    const statements: (string | true)[][] = [];
    const observed = anEventLog({
      onBatch: ({ results }: ObservedBatch) =>
        statements.push(results.map((result) => result.committed || result.conflict.kind)),
    });
    const [first, second, third] = await Promise.all([
      observed.append(
        using('c_chain_1', { claims: [{ kind: 'fold', key: 'chained', holder: 'c_chain_1' }] }),
      ),
      observed.append(using('c_chain_2')),
      observed.append(aRegistration('c_chain_3')),
    ]);
    expect(first).toMatchObject({ committed: false, conflict: { kind: 'claim', holder: 'c_chain_0' } });
    expect(second).toMatchObject({ committed: true });
    expect(third).toMatchObject({ committed: true });
    expect(statements).toEqual([['claim', 'version', true], [true]]);
    expect(await reader.readStream(stream)).toHaveLength(2);
  });

  test('of an idempotency key is retired after a day, and no event with it', async () => {
    const claims = [{ kind: 'idempotency', key: 'old', holder: 'h' }];
    await committed(aRegistration('c_old', { claims }));
    await committed(claiming('c_kept', 'kept'));
    const retire = async (retention: string) =>
      (await database.pool.query('select retire_idempotency_keys($1) as retired', [retention])).rows[0]
        ?.retired;
    expect(await retire('0 seconds')).toBe(0);
    await database.pool.query(`update event_claims set claimed_at = now() - interval '25 hours'`);
    expect(await retire('24 hours')).toBe(1);
    expect(await log.append(claiming('c_kept_2', 'kept'))).toMatchObject({ conflict: { holder: 'c_kept' } });
    expect(await reader.readStream(streams.client('default', 'c_old'))).toHaveLength(1);
    await committed(aRegistration('c_new', { claims }));
  });
});

describe('a guard', () => {
  test('lets a call pass that nothing stands against', async () => {
    expect(await log.append(guarded('c_g_1', 'nothing'))).toMatchObject({ committed: true });
    expect(await log.append(guarded('c_g_2', 'nothing'))).toMatchObject({ committed: true });
  });

  test('fails exactly the call whose lookup finds something else, and tells what', async () => {
    const { heads } = await committed(guarded('c_g_held', 'held'));
    await committed(suspended('c_g_held', heads[0]));
    const found = `2 ${streams.client('default', 'c_g_held')}`;
    const [barred, neighbour, knowing] = await Promise.all([
      log.append(guarded('c_g_3', 'held')),
      log.append(guarded('c_g_4', 'another name')),
      log.append(guarded('c_g_5', 'held', found)),
    ]);
    const { key } = fingerprintOf('held', null);
    expect(barred).toEqual({
      committed: false,
      conflict: { kind: 'guard', guard: 'fingerprint', key, found },
    });
    expect(neighbour.committed).toBe(true);
    expect(knowing.committed).toBe(true);
    expect(await reader.readStream(streams.client('default', 'c_g_3'))).toEqual([]);
  });

  test('of another realm finds nothing', async () => {
    const { heads } = await committed(guarded('c_g_realm', 'realm'));
    await committed(suspended('c_g_realm', heads[0]));
    const elsewhere = { ...guarded('c_g_elsewhere', 'realm'), context: aContext({ realm: 'payroll' }) };
    const result = await log.append({
      ...elsewhere,
      writes: elsewhere.writes.map((write) => ({
        ...write,
        stream: streams.client('payroll', 'c_g_elsewhere'),
      })),
    });
    expect(result).toMatchObject({ committed: true });
  });

  test('that relied on what was there fails once it is gone', async () => {
    const { heads } = await committed(guarded('c_g_back', 'back'));
    const held = await committed(suspended('c_g_back', heads[0]));
    await committed(reinstated('c_g_back', held.heads[0]));
    const found = `2 ${streams.client('default', 'c_g_back')}`;
    expect(await log.append(guarded('c_g_6', 'back', found))).toMatchObject({
      conflict: { kind: 'guard', found: null },
    });
    await committed(guarded('c_g_7', 'back'));
  });

  test('is not passed in the batch of the change that it would find', async () => {
    const { heads } = await committed(guarded('c_g_same', 'same batch'));
    const results = await Promise.all([
      log.append(suspended('c_g_same', heads[0])),
      log.append(guarded('c_g_8', 'same batch')),
    ]);
    expect(results.map((result) => result.committed)).toEqual([true, false]);
  });

  test('of 16 writers on 4 connections: nothing that was registered lies behind the suspension that bars it', async () => {
    const pools = Array.from({ length: 4 }, () => createPool(database.url, { size: 1 }));
    const logs = pools.map((pool) => anEventLog({ pool }));
    const { heads } = await committed(guarded('c_g_race', 'race'));
    let barred: number | undefined;
    const last = await Promise.all(
      Array.from({ length: 16 }, async (_, writer) => {
        let position = 0;
        for (let n = 0; n < 20; n++) {
          if (writer === 0 && n === 5) {
            const suspension = await logs[0]!.append(suspended('c_g_race', heads[0]));
            barred = suspension.committed ? suspension.position : undefined;
          }
          const [result, neighbour] = await Promise.all([
            logs[writer % 4]!.append(guarded(`c_g_race_${writer}_${n}`, 'race')),
            logs[writer % 4]!.append(guarded(`c_g_beside_${writer}_${n}`, 'beside')),
          ]);
          expect(neighbour.committed).toBe(true);
          if (!result.committed) return position;
          position = result.position;
        }
        throw new Error('the suspension barred nobody');
      }),
    );
    await Promise.all(pools.map((pool) => pool.end()));
    expect(barred).toBeDefined();
    expect(Math.max(...last)).toBeLessThan(barred!);
  });

  test('and a claim that both fail a call: the guard is told, and the last claim before the first', async () => {
    const { heads } = await committed(guarded('c_g_both', 'both'));
    await committed(suspended('c_g_both', heads[0]));
    await committed(claiming('c_both_claims', 'both'));
    const claims = [
      { kind: 'fold', key: 'both', holder: 'c_g_9' },
      { kind: 'fold', key: 'kept', holder: 'c_g_9' },
    ];
    expect(await log.append({ ...guarded('c_g_9', 'both'), claims })).toMatchObject({
      conflict: { kind: 'guard' },
    });
    expect(await log.append({ ...guarded('c_g_10', 'beside'), claims })).toMatchObject({
      conflict: { kind: 'claim', key: 'kept' },
    });
  });
});
