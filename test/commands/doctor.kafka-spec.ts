import kafkajs from 'kafkajs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { topics } from '../../src/platform/kafka/topics.js';
import { startKafkaBroker, type KafkaBroker } from '../support/kafka-broker.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { examined } from './doctor-patient.js';

const { name } = topics.events;
const check = `topic ${name}`;

let broker: KafkaBroker;
let database: TestDatabase;
let environment: NodeJS.ProcessEnv;
let admin: kafkajs.Admin;
beforeAll(async () => {
  [broker, database] = await Promise.all([startKafkaBroker(), createTestDatabase()]);
  environment = { DATABASE_URL: database.url, KAFKA_BROKERS: broker.brokers };
  admin = new kafkajs.Kafka({ brokers: [broker.brokers], logLevel: kafkajs.logLevel.NOTHING }).admin();
  await admin.connect();
});
afterAll(async () => {
  await admin.disconnect();
  await Promise.all([broker.stop(), database.drop()]);
});

test('a topic is looked at: that it is there, its partitions and its settings', async () => {
  const missing = await examined(environment);
  expect(missing['kafka']).toMatchObject({ status: 'ok', found: expect.stringMatching(/^1 brokers answer/) });
  expect(missing[check]).toMatchObject({ status: 'warn', found: 'does not exist' });

  await admin.createTopics({ topics: [{ topic: name, numPartitions: 12 }], waitForLeaders: true });
  expect((await examined(environment))[check]).toMatchObject({
    status: 'warn',
    advice: expect.stringContaining('retention.ms=-1'),
  });
  await admin.alterConfigs({
    validateOnly: false,
    resources: [
      {
        type: kafkajs.ConfigResourceTypes.TOPIC,
        name,
        configEntries: Object.entries(topics.events.settings).map(([key, value]) => ({ name: key, value })),
      },
    ],
  });
  expect((await examined(environment))[check]).toMatchObject({
    status: 'ok',
    found: expect.stringMatching(/^12 partitions, 1 replicas/),
  });

  await admin.createPartitions({ topicPartitions: [{ topic: name, count: 13 }] });
  expect((await examined(environment))[check]).toMatchObject({
    status: 'fail',
    found: 'has 13 partitions, not 12',
  });
});
