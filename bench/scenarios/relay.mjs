// The way from the log to Kafka: how fast a backlog drains, and how long one event takes.
import kafkajs from 'kafkajs';
import { startKafkaBroker } from '../../scripts/kafka/broker.mjs';
import { topics } from '../../dist/platform/kafka/topics.js';
import { startClientele } from '../contestants/clientele.mjs';
import { Latencies } from '../load/latencies.mjs';
import { processorTime } from '../measure/processor-time.mjs';
import { fillDirectory } from '../stored/fill.mjs';
import { publicClients, registerClients, registrationRequests } from './client-bodies.mjs';

const BACKLOG = 100_000;
const RATE = 200;
const CONNECTIONS = 32;
const POLL_MS = 10;
const TOPIC = topics.events.name;

/** @param {object} context as `compare` takes it */
export async function relay(context) {
  const { progress } = context;
  progress.say('relay: starting Apache Kafka');
  const broker = await startKafkaBroker();
  const kafka = new kafkajs.Kafka({
    brokers: [broker.brokers],
    logLevel: kafkajs.logLevel.NOTHING,
    retry: { retries: 20 },
  });
  const admin = kafka.admin();
  try {
    await admin.connect();
    return [await drain(context, admin, broker.brokers), await delays(context, kafka, admin, broker.brokers)];
  } finally {
    await admin.disconnect();
    await broker.stop();
  }
}

/** A log of 100,000 events, written while there was no Kafka, and a service that starts with one. */
async function drain({ cluster, effort, progress, quick }, admin, brokers) {
  const database = 'relay_drain';
  const events = quick ? BACKLOG / 5 : BACKLOG;
  const clientele = await startClientele(cluster, { database });
  const { databaseUrl } = clientele;
  await registerClients(clientele, publicClients, 1);
  await clientele.stop();
  await cluster.query(databaseUrl, (pool) => fillDirectory(pool, events, progress.say));
  const logged = await loggedEvents(cluster, databaseUrl);
  const rates = [];
  const processorTimes = [];
  for (let run = 1; run <= effort.runs; run += 1) {
    progress.say(`relay drains ${logged.toLocaleString('en-GB')} events: run ${run} of ${effort.runs}`);
    await cluster.query(databaseUrl, (pool) => pool.query('update relay_lease set cursor = 0'));
    await removeTopic(admin);
    const service = await startClientele(cluster, {
      database,
      databaseUrl,
      environment: { KAFKA_BROKERS: brokers },
    });
    const before = processorTime(service.pid);
    const started = performance.now();
    await recordsInTopic(admin, logged, service);
    rates.push(logged / ((performance.now() - started) / 1000));
    processorTimes.push((processorTime(service.pid) - before) / logged);
    await service.stop();
  }
  await cluster.dropDatabase(database);
  await removeTopic(admin);
  return {
    id: 'relay-drain',
    measurements: [
      {
        name: 'rate',
        text: `relay, drains ${logged.toLocaleString('en-GB')} events, from "started" to the last in the topic`,
        values: rates,
        unit: '/s',
      },
      { name: 'cpu', text: 'relay, Node processor time an event', values: processorTimes, unit: 'µs' },
    ],
  };
}

/** Registrations at a steady rate; a consumer notes when each event can be read. */
async function delays({ cluster, generator, effort, progress }, kafka, admin, brokers) {
  const database = 'relay_delay';
  const clientele = await startClientele(cluster, { database, environment: { KAFKA_BROKERS: brokers } });
  const readable = new Map();
  const consumer = kafka.consumer({ groupId: 'bench', maxWaitTimeInMs: 1000 });
  try {
    await registerClients(clientele, publicClients, 1);
    await recordsInTopic(admin, await loggedEvents(cluster, clientele.databaseUrl), clientele);
    await consumer.connect();
    await consumer.subscribe({ topic: TOPIC, fromBeginning: true });
    await consumer.run({
      eachBatch: async ({ batch }) => {
        const now = Date.now();
        for (const { headers } of batch.messages) readable.set(String(headers.ce_id), now);
      },
    });
    await until(
      async () => readable.size === (await loggedEvents(cluster, clientele.databaseUrl)),
      clientele,
      'the consumer has every event',
    );
    const runs = [];
    let late = 0;
    for (let run = 1; run <= effort.runs; run += 1) {
      progress.say(`relay delay at ${RATE} registrations/s: run ${run} of ${effort.runs}`);
      const from = await loggedEvents(cluster, clientele.databaseUrl);
      const driven = await generator.drive(
        { target: clientele.target, connections: CONNECTIONS, seconds: effort.seconds, rate: RATE },
        `relay delay`,
        {
          workload: 'requestsInTurn',
          parameters: { requests: registrationRequests(clientele, publicClients), expected: 201 },
        },
      );
      await until(
        async () => readable.size === (await loggedEvents(cluster, clientele.databaseUrl)),
        clientele,
        'the consumer has every event',
      );
      late += driven.late;
      runs.push(await delaysSince(cluster, clientele.databaseUrl, from, readable));
    }
    return {
      id: 'relay-delay',
      measurements: ['p50', 'p99'].map((rank) => ({
        name: rank,
        text: `relay, from the commit to a consumer at ${RATE} registrations/s, ${rank}`,
        values: runs.map((run) => run[rank]),
        unit: 'ms',
        note: late === 0 ? '' : 'the rate was not reached: registrations were too slow',
      })),
    };
  } finally {
    await consumer.disconnect();
    await clientele.stop();
    await cluster.dropDatabase(database);
  }
}

/** `recorded_at` is read just before the commit, so that the wait for the disk is counted as delay. */
async function delaysSince(cluster, databaseUrl, position, readable) {
  const latencies = new Latencies();
  const { rows } = await cluster.query(databaseUrl, (pool) =>
    pool.query(
      `select event_id, extract(epoch from recorded_at)::float8 * 1000 as recorded from events where position > $1`,
      [position],
    ),
  );
  for (const { event_id: id, recorded } of rows) latencies.add(readable.get(id) - recorded);
  return latencies.summary();
}

function loggedEvents(cluster, databaseUrl) {
  return cluster.query(databaseUrl, async (pool) => {
    const { rows } = await pool.query('select max(position)::int as logged from events');
    return rows[0].logged;
  });
}

function recordsInTopic(admin, expected, service) {
  return until(
    async () => {
      const offsets = await admin.fetchTopicOffsets(TOPIC).catch(() => []);
      return offsets.reduce((sum, { high }) => sum + Number(high), 0) >= expected;
    },
    service,
    `${expected} records in the topic`,
  );
}

async function removeTopic(admin) {
  if (!(await admin.listTopics()).includes(TOPIC)) return;
  await admin.deleteTopics({ topics: [TOPIC] });
  while ((await admin.listTopics()).includes(TOPIC)) await pause();
}

const PATIENCE_MS = 120_000;

async function until(condition, service, what) {
  const deadline = performance.now() + PATIENCE_MS;
  while (!(await condition())) {
    service.assertRunning();
    if (performance.now() > deadline) throw new Error(`gave up waiting: ${what}`);
    await pause();
  }
}

function pause() {
  return new Promise((resolve) => setTimeout(resolve, POLL_MS));
}
