import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EventWriter } from '../../../test/support/kafka-events.js';
import { aGate, RecordingPublisher, recordingLogger } from '../../../test/support/kafka-publisher.js';
import { createTestDatabase, type TestDatabase } from '../../../test/support/postgres.js';
import { PostgresEventReader } from '../../platform/event-log/postgres-event-reader.js';
import { Relay, type RelayOptions } from './relay.js';

const upTo = (position: number) => Array.from({ length: position }, (_, index) => index + 1);
const streams = (count: number) => Array.from({ length: count }, (_, index) => `client:default:${index % 7}`);
const patiently = { timeout: 20_000, interval: 10 };

describe('the relay', () => {
  let database: TestDatabase;
  let writer: EventWriter;
  const relays: Relay[] = [];

  beforeEach(async () => {
    database = await createTestDatabase();
    writer = new EventWriter(database.pool);
  });
  afterEach(async () => {
    await Promise.all(relays.splice(0).map((relay) => relay.stop()));
    await database.drop();
  });

  function aRelay(options: Partial<RelayOptions> = {}): Relay {
    const relay = new Relay({
      pool: database.pool,
      reader: new PostgresEventReader(database.pool),
      publisher: new RecordingPublisher(),
      source: 'https://clients.example',
      instanceId: 'a',
      logger: recordingLogger(),
      ...options,
    });
    relays.push(relay);
    return relay;
  }

  const inState = (relay: Relay, state: string) =>
    vi.waitFor(() => expect(relay.status().state).toBe(state), patiently);
  const atCursor = (relay: Relay, cursor: number) =>
    vi.waitFor(() => expect(relay.status().cursor).toBe(cursor), patiently);
  const row = async () =>
    (await database.pool.query('select holder, epoch, cursor from relay_lease')).rows[0];
  /** The relay counts an event as relayed a moment before that is written. */
  const inDatabase = (expected: object) =>
    vi.waitFor(async () => expect(await row()).toMatchObject(expected), patiently);

  it('publishes every event once and in the order of the log, over many pages', async () => {
    await writer.append(streams(1_203));
    const publisher = new RecordingPublisher();
    const relay = aRelay({ publisher });
    relay.start();
    await atCursor(relay, 1_203);
    expect(publisher.positions).toEqual(upTo(1_203));
    await inDatabase({ holder: 'a', cursor: 1_203 });
    expect(relay.status()).toMatchObject({ state: 'leading', lastError: null });
  });

  it('goes on where the last one stopped', async () => {
    await writer.append(streams(10));
    const first = aRelay();
    first.start();
    await atCursor(first, 10);
    await first.stop();
    await writer.append(streams(5));
    const publisher = new RecordingPublisher();
    const second = aRelay({ publisher });
    second.start();
    await atCursor(second, 15);
    expect(publisher.positions).toEqual([11, 12, 13, 14, 15]);
  });

  it('is idle without Kafka brokers, says so, and leaves the lease alone', async () => {
    await writer.append(streams(3));
    const logger = recordingLogger();
    const relay = aRelay({ publisher: null, logger });
    relay.start();
    relay.wake();
    expect(relay.status()).toEqual({
      state: 'idle',
      cursor: 0,
      lagEvents: 0,
      lagSeconds: 0,
      lastError: null,
    });
    await relay.stop();
    expect(logger.lines).toEqual(['info no Kafka brokers are configured: events wait in the log']);
    expect(await row()).toEqual({ holder: null, epoch: 0, cursor: 0 });
  });

  it('tells what waits while it is idle', async () => {
    await writer.append(streams(3));
    const told = new Promise<number>((resolve) => {
      const relay = aRelay({ publisher: null, onLag: ({ lagEvents }) => resolve(lagEvents) });
      relay.start();
    });
    expect(await told).toBe(3);
  });

  it('publishes what was appended while it had nothing to do', async () => {
    const publisher = new RecordingPublisher();
    const relay = aRelay({ publisher });
    relay.start();
    await inState(relay, 'leading');
    for (let round = 1; round <= 5; round += 1) {
      await writer.append(streams(2));
      relay.wake();
      await atCursor(relay, round * 2);
    }
    expect(publisher.positions).toEqual(upTo(10));
  });

  it('lets one instance publish, and the next take over at once when it stops in good order', async () => {
    const publishers = [new RecordingPublisher(), new RecordingPublisher()];
    const [first, second] = publishers.map((publisher, index) =>
      aRelay({ publisher, instanceId: `relay-${index}` }),
    ) as [Relay, Relay];
    first.start();
    await inState(first, 'leading');
    second.start();
    await inState(second, 'following');
    await writer.append(streams(4));
    await atCursor(first, 4);
    await first.stop();
    await inState(second, 'leading');
    await writer.append(streams(4));
    await atCursor(second, 8);
    expect(publishers.map(({ positions }) => positions)).toEqual([
      [1, 2, 3, 4],
      [5, 6, 7, 8],
    ]);
    await inDatabase({ holder: 'relay-1', epoch: 2, cursor: 8 });
  });

  it('takes over from an instance that fell silent, when its lease has run out', async () => {
    const silence = aGate();
    const silent = new RecordingPublisher();
    silent.beforeAcknowledging = () => silence.passed;
    const first = aRelay({ publisher: silent, leaseMilliseconds: 400 });
    await writer.append(streams(3));
    first.start();
    await vi.waitFor(() => expect(silent.positions).toEqual([1, 2, 3]), patiently);
    const publisher = new RecordingPublisher();
    const second = aRelay({ publisher, instanceId: 'b' });
    second.start();
    await atCursor(second, 3);
    expect(publisher.positions).toEqual([1, 2, 3]);
    silence.open();
  });

  it('I14 a leader that was paused finishes its one request, moves no cursor, and follows', async () => {
    const pause = aGate();
    const paused = new RecordingPublisher();
    paused.beforeAcknowledging = () => pause.passed;
    const logger = recordingLogger();
    const first = aRelay({ publisher: paused, leaseMilliseconds: 400, logger });
    await writer.append(streams(700));
    first.start();
    await vi.waitFor(() => expect(paused.positions).toHaveLength(500), patiently);

    const second = aRelay({ instanceId: 'b', leaseMilliseconds: 60_000 });
    second.start();
    await atCursor(second, 700);
    await second.stop();
    const third = aRelay({ instanceId: 'c', leaseMilliseconds: 60_000 });
    third.start();
    await inState(third, 'leading');

    pause.open();
    await inState(first, 'following');
    expect(paused.positions).toEqual(upTo(500));
    expect(logger.lines).toContain('warn the relay lost its lease to another instance');
    expect(first.status().cursor).toBe(700);
    expect(await row()).toEqual({ holder: 'c', epoch: 3, cursor: 700 });
  });

  it('N4 waits while Kafka is away, gives the lease to whoever reaches it, and catches up', async () => {
    const publisher = new RecordingPublisher();
    const logger = recordingLogger();
    const relay = aRelay({ publisher, logger });
    relay.start();
    await writer.append(streams(2));
    relay.wake();
    await atCursor(relay, 2);

    publisher.down = true;
    await writer.append(streams(5));
    relay.wake();
    await inState(relay, 'waiting_for_kafka');
    await vi.waitFor(() => expect(relay.status().lagEvents).toBe(5), patiently);
    expect(relay.status()).toMatchObject({ cursor: 2, lastError: expect.stringContaining('ECONNREFUSED') });
    expect(relay.status().lagSeconds).toBeGreaterThan(0);
    await inDatabase({ holder: null });

    publisher.down = false;
    await atCursor(relay, 7);
    await vi.waitFor(() => expect(relay.status().lastError).toBeNull(), patiently);
    expect(publisher.positions).toEqual(upTo(7));
    expect(logger.lines).toEqual([
      'info the relay publishes to Kafka',
      'warn Kafka cannot be reached: events wait in the log',
      'info the relay publishes to Kafka',
      'info the relay works again',
    ]);
  });

  it('finishes the request in flight before it stops, and gives the lease back', async () => {
    const gate = aGate();
    const publisher = new RecordingPublisher();
    publisher.beforeAcknowledging = () => gate.passed;
    const relay = aRelay({ publisher });
    await writer.append(streams(3));
    relay.start();
    await vi.waitFor(() => expect(publisher.positions).toEqual([1, 2, 3]), patiently);
    const stopped = relay.stop();
    await writer.append(streams(3));
    gate.open();
    await stopped;
    expect(publisher.positions).toEqual([1, 2, 3]);
    expect(await row()).toMatchObject({ holder: null, cursor: 3 });
    expect(relay.status().state).toBe('idle');
  });

  it('survives that the database drops its connections', async () => {
    const publisher = new RecordingPublisher();
    const relay = aRelay({ publisher });
    relay.start();
    for (let round = 1; round <= 5; round += 1) {
      await writer.append(streams(3));
      await database.pool.query(
        'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
      );
      await atCursor(relay, round * 3);
    }
    expect([...new Set(publisher.positions)]).toEqual(upTo(15));
  });

  it('N12 holds before an event that cannot be read, says which, and skips nothing', async () => {
    await writer.append(streams(2));
    await database.pool.query(
      `insert into events select 3, gen_random_uuid(), 'client:default:x', 1, type, realm, now(), '\\x00' from events limit 1`,
    );
    await database.pool.query(
      `insert into events select 4, gen_random_uuid(), 'client:default:x', 2, type, realm, now(), body from events where position = 1`,
    );
    const publisher = new RecordingPublisher();
    const relay = aRelay({ publisher });
    relay.start();
    await vi.waitFor(() => expect(relay.status().lastError).toContain('position 3'), patiently);
    expect(publisher.positions).not.toContain(4);
    expect((await row()).cursor).toBeLessThan(3);
  });
});
