import { afterEach, beforeEach, describe, expect, inject, it, vi } from 'vitest';
import { startKafkaBroker, type KafkaBroker } from '../../../test/support/kafka-broker.js';
import { EventWriter } from '../../../test/support/kafka-events.js';
import { recordingLogger } from '../../../test/support/kafka-publisher.js';
import { aTopic, consume, versionsKept, type ConsumedRecord } from '../../../test/support/kafka-records.js';
import { createTestDatabase, type TestDatabase } from '../../../test/support/postgres.js';
import type { CommittedEvent } from '../../platform/event-log/event-reader.js';
import { PostgresEventReader } from '../../platform/event-log/postgres-event-reader.js';
import { KafkajsPublisher } from '../../platform/kafka/kafkajs-publisher.js';
import type { Topic } from '../../platform/kafka/topics.js';
import { Relay } from './relay.js';

const patiently = { timeout: 60_000, interval: 20 };
const streams = (count: number) => Array.from({ length: count }, (_, n) => `client:default:${(n * n) % 37}`);

/** I5: whoever drops versions that he has sees every stream's versions in order and without a gap. */
function expectEveryStreamWhole(records: readonly ConsumedRecord[], events: readonly CommittedEvent[]): void {
  const expected = new Map<string, number[]>();
  for (const { stream, version } of events) expected.set(stream, [...(expected.get(stream) ?? []), version]);
  expect(versionsKept(records)).toEqual(expected);
}

const everyEvent = (events: readonly CommittedEvent[]) => (records: readonly ConsumedRecord[]) =>
  records.length >= events.length &&
  new Set(records.map(({ headers }) => headers['ce_id'])).size === events.length;

describe('the relay and Kafka', () => {
  let database: TestDatabase;
  let writer: EventWriter;
  let topic: Topic;
  const relays: Relay[] = [];

  beforeEach(async () => {
    database = await createTestDatabase();
    writer = new EventWriter(database.pool);
    topic = aTopic();
  });
  afterEach(async () => {
    await Promise.all(relays.splice(0).map((relay) => relay.stop()));
    await database.drop();
  });

  function aRelay(brokers: string, logger = recordingLogger()): Relay {
    const configuration = { brokers: brokers.split(','), ssl: false, sasl: null };
    const relay = new Relay({
      pool: database.pool,
      reader: new PostgresEventReader(database.pool),
      publisher: new KafkajsPublisher({ configuration, logger, topics: [topic] }),
      source: 'https://clients.example',
      instanceId: `relay-${relays.length}`,
      logger,
      leaseMilliseconds: 2_000,
      topic: topic.name,
    });
    relays.push(relay);
    return relay;
  }

  it('brings every event, byte for byte, in order per stream, each stream in one partition', async () => {
    const events = await writer.append(streams(1_500));
    const relay = aRelay(inject('kafkaBrokers'));
    relay.start();
    await vi.waitFor(() => expect(relay.status().state).toBe('leading'), patiently);
    const records = await consume(inject('kafkaBrokers'), topic.name, everyEvent(events));
    expect(records).toHaveLength(events.length);
    expectEveryStreamWhole(records, events);
    const byId = new Map(records.map((record) => [record.headers['ce_id'], record]));
    for (const event of events) {
      const record = byId.get(event.event_id)!;
      expect(record.value.equals(event.body)).toBe(true);
      expect(record.key).toBe(event.stream);
      expect(record.headers['ce_type']).toBe('clientele.client.registered.v1');
      expect(record.headers['ce_position']).toBe(String(event.position));
    }
    const partitionOf = new Map(records.map(({ key, partition }) => [key, partition]));
    for (const { key, partition } of records) expect(partition).toBe(partitionOf.get(key));
  });

  it('has what was appended acknowledged within a second, and a consumer gets it all', async () => {
    const relay = aRelay(inject('kafkaBrokers'));
    relay.start();
    await vi.waitFor(() => expect(relay.status().state).toBe('leading'), patiently);
    const events: CommittedEvent[] = [];
    const delays: number[] = [];
    for (let round = 0; round < 20; round += 1) {
      const appended = performance.now();
      events.push(...(await writer.append(streams(3))));
      relay.wake();
      await vi.waitFor(() => expect(relay.status().cursor).toBe(events.length), {
        timeout: 5_000,
        interval: 1,
      });
      delays.push(performance.now() - appended);
    }
    expect(Math.max(...delays)).toBeLessThan(1_000);
    expectEveryStreamWhole(await consume(inject('kafkaBrokers'), topic.name, everyEvent(events)), events);
  });

  it('I5 hands over between two relays that come and go, without a gap', async () => {
    const events: CommittedEvent[] = [];
    for (let round = 0; round < 4; round += 1) {
      const relay = aRelay(inject('kafkaBrokers'));
      relay.start();
      events.push(...(await writer.append(streams(200))));
      await vi.waitFor(
        () => expect(relay.status().cursor).toBeGreaterThanOrEqual(events.length - 200),
        patiently,
      );
      const leaving = relays.at(-2);
      await leaving?.stop();
    }
    const records = await consume(inject('kafkaBrokers'), topic.name, everyEvent(events));
    expectEveryStreamWhole(records, events);
  });
});

describe('the relay and a Kafka that fails', () => {
  let broker: KafkaBroker;
  let database: TestDatabase;
  let relay: Relay;
  let topic: Topic;
  let writer: EventWriter;
  const logger = recordingLogger();

  beforeEach(async () => {
    [broker, database] = await Promise.all([startKafkaBroker(), createTestDatabase()]);
    topic = aTopic();
    writer = new EventWriter(database.pool);
    logger.lines.length = 0;
    const configuration = { brokers: [broker.brokers], ssl: false, sasl: null };
    relay = new Relay({
      pool: database.pool,
      reader: new PostgresEventReader(database.pool),
      publisher: new KafkajsPublisher({ configuration, logger, topics: [topic] }),
      source: 'https://clients.example',
      instanceId: 'relay',
      logger,
      topic: topic.name,
    });
    relay.start();
  });
  afterEach(async () => {
    await relay.stop();
    await broker.stop();
    await database.drop();
  });

  it('N4 a killed broker: the log grows, the lag shows, and everything arrives after its return', async () => {
    const events = [...(await writer.append(streams(500)))];
    await vi.waitFor(() => expect(relay.status().cursor).toBe(500), patiently);

    await broker.kill();
    for (let round = 0; round < 5; round += 1) {
      events.push(...(await writer.append(streams(300))));
      relay.wake();
    }
    await vi.waitFor(
      () =>
        expect(relay.status()).toMatchObject({ state: 'waiting_for_kafka', cursor: 500, lagEvents: 1_500 }),
      patiently,
    );
    expect(relay.status().lastError).not.toBeNull();

    await broker.restart();
    await vi.waitFor(
      () => expect(relay.status()).toMatchObject({ cursor: 2_000, lastError: null }),
      patiently,
    );
    const records = await consume(broker.brokers, topic.name, everyEvent(events));
    expectEveryStreamWhole(records, events);
    expect(logger.lines.filter((line) => line.startsWith('warn'))).toEqual([
      'warn Kafka cannot be reached: events wait in the log',
    ]);
  }, 120_000);

  it('N4 a broker killed in the middle of it, again and again: nothing is missing', async () => {
    const events: CommittedEvent[] = [];
    for (let round = 0; round < 3; round += 1) {
      for (let page = 0; page < 6; page += 1) events.push(...(await writer.append(streams(500))));
      relay.wake();
      const underWay = events.length - 2_500;
      await vi.waitFor(() => expect(relay.status().cursor).toBeGreaterThanOrEqual(underWay), {
        timeout: 60_000,
        interval: 1,
      });
      await broker.kill();
      await broker.restart();
    }
    const records = await consume(broker.brokers, topic.name, everyEvent(events));
    expectEveryStreamWhole(records, events);
    for (const event of events.slice(0, 100)) {
      expect(records.find(({ headers }) => headers['ce_id'] === event.event_id)!.value).toEqual(event.body);
    }
  }, 180_000);

  it('N5 a frozen broker: the request is given up, and everything arrives after it thaws', async () => {
    const events = [...(await writer.append(streams(50)))];
    await vi.waitFor(() => expect(relay.status().cursor).toBe(50), patiently);
    broker.pause();
    events.push(...(await writer.append(streams(50))));
    relay.wake();
    await vi.waitFor(() => expect(relay.status().state).toBe('waiting_for_kafka'), patiently);
    broker.resume();
    await vi.waitFor(() => expect(relay.status().cursor).toBe(100), patiently);
    expectEveryStreamWhole(await consume(broker.brokers, topic.name, everyEvent(events)), events);
  }, 120_000);
});
