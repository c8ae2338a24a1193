import kafkajs from 'kafkajs';
import { afterEach, beforeEach, describe, expect, inject, it, vi } from 'vitest';
import { startKafkaBroker } from '../../../test/support/kafka-broker.js';
import { aCommittedEvent } from '../../../test/support/kafka-events.js';
import { recordingLogger } from '../../../test/support/kafka-publisher.js';
import { aTopic, consume, testClient } from '../../../test/support/kafka-records.js';
import { MissingTopic, PublishFailed } from './event-publisher.js';
import { toRecord } from './event-record.js';
import { KafkajsPublisher } from './kafkajs-publisher.js';
import type { Topic } from './topics.js';

const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ConfigResourceTypes, ResourcePatternTypes } =
  kafkajs;

describe('the kafkajs publisher', () => {
  const brokers = inject('kafkaBrokers');
  let topic: Topic;
  let logger: ReturnType<typeof recordingLogger>;
  const publishers: KafkajsPublisher[] = [];

  beforeEach(() => {
    topic = aTopic();
    logger = recordingLogger();
  });
  afterEach(async () => {
    await Promise.all(publishers.splice(0).map((publisher) => publisher.close()));
  });

  function aPublisher(at: string = brokers): KafkajsPublisher {
    const configuration = { brokers: at.split(','), ssl: false, sasl: null };
    const publisher = new KafkajsPublisher({ configuration, logger, topics: [topic] });
    publishers.push(publisher);
    return publisher;
  }

  const records = (...positions: number[]) =>
    positions.map((position) =>
      toRecord(
        aCommittedEvent(position, { stream: `client:default:${position % 5}`, version: position }),
        'https://clients.example',
        topic.name,
      ),
    );

  it('creates the topic with 12 partitions and endless retention, also when instances start at once', async () => {
    await Promise.all([aPublisher().connect(), aPublisher().connect(), aPublisher().connect()]);
    const admin = testClient(brokers).admin();
    await admin.connect();
    try {
      const { topics } = await admin.fetchTopicMetadata({ topics: [topic.name] });
      expect(topics[0]!.partitions).toHaveLength(12);
      const { resources } = await admin.describeConfigs({
        includeSynonyms: false,
        resources: [
          {
            type: ConfigResourceTypes.TOPIC,
            name: topic.name,
            configNames: ['retention.ms', 'cleanup.policy'],
          },
        ],
      });
      const settings = resources[0]!.configEntries.map(({ configName, configValue }) => [
        configName,
        configValue,
      ]);
      expect(Object.fromEntries(settings)).toEqual({ 'retention.ms': '-1', 'cleanup.policy': 'delete' });
    } finally {
      await admin.disconnect();
    }
  });

  it('delivers bytes, key and headers as they were given, in order per key, a key in one partition', async () => {
    const publisher = aPublisher();
    await publisher.connect();
    const sent = records(...Array.from({ length: 60 }, (_, index) => index + 1));
    await publisher.publish(sent.slice(0, 25));
    await publisher.publish(sent.slice(25));
    const received = await consume(brokers, topic.name, ({ length }) => length === sent.length);
    for (const key of new Set(sent.map((record) => record.key))) {
      const ofKey = received.filter((record) => record.key === key);
      const expected = sent.filter((record) => record.key === key);
      expect(ofKey.map(({ value, headers }) => ({ value, headers }))).toEqual(
        expected.map(({ value, headers }) => ({ value, headers })),
      );
      expect(new Set(ofKey.map(({ partition }) => partition)).size).toBe(1);
    }
    expect(new Set(received.map(({ partition }) => partition)).size).toBeGreaterThan(1);
  });

  it('warns once of a topic that somebody created with another number of partitions, and uses it', async () => {
    const admin = testClient(brokers).admin();
    await admin.connect();
    await admin.createTopics({ topics: [{ topic: topic.name, numPartitions: 2 }] });
    await admin.disconnect();
    const publisher = aPublisher();
    await publisher.connect();
    await publisher.connect();
    await publisher.publish(records(1));
    expect(logger.lines).toEqual(['warn a topic has another number of partitions than ours']);
  });

  it('never creates a topic by mere use', async () => {
    const publisher = aPublisher();
    await publisher.connect();
    const elsewhere = records(1).map((record) => ({ ...record, topic: `${topic.name}.elsewhere` }));
    await expect(publisher.publish(elsewhere)).rejects.toThrow(PublishFailed);
    const admin = testClient(brokers).admin();
    await admin.connect();
    const topics = await admin.listTopics();
    await admin.disconnect();
    expect(topics).toContain(topic.name);
    expect(topics).not.toContain(`${topic.name}.elsewhere`);
  });

  it('has to be connected again after a failure, and then works', async () => {
    const publisher = aPublisher();
    await publisher.connect();
    const tooLarge = records(1).map((record) => ({ ...record, value: Buffer.alloc(3 * 1024 * 1024) }));
    await expect(publisher.publish(tooLarge)).rejects.toThrow(PublishFailed);
    await expect(publisher.publish(records(1))).rejects.toThrow('not connected');
    await publisher.connect();
    await publisher.publish(records(1));
    expect(await consume(brokers, topic.name, ({ length }) => length === 1)).toHaveLength(1);
  });

  it('takes one request at a time', async () => {
    const publisher = aPublisher();
    await publisher.connect();
    const first = publisher.publish(records(1));
    await expect(publisher.publish(records(2))).rejects.toThrow('one call of publish at a time');
    await first;
    await publisher.publish(records(3));
  });

  it('says that no broker answers', async () => {
    await expect(aPublisher('127.0.0.1:1').connect()).rejects.toThrow('127.0.0.1:1');
  });
});

describe('the kafkajs publisher at a broker of its own', () => {
  it('publishes without loss or repetition through a broker restart between two requests', async () => {
    const broker = await startKafkaBroker();
    const topic = aTopic();
    const configuration = { brokers: [broker.brokers], ssl: false, sasl: null };
    const publisher = new KafkajsPublisher({ configuration, logger: recordingLogger(), topics: [topic] });
    const event = (position: number) =>
      toRecord(aCommittedEvent(position), 'https://clients.example', topic.name);
    try {
      await publisher.connect();
      await publisher.publish([event(1)]);
      await broker.restart();
      await vi.waitFor(
        async () => {
          await publisher.publish([event(2)]).catch(async (error: unknown) => {
            await publisher.connect();
            throw error;
          });
        },
        { timeout: 30_000, interval: 50 },
      );
      await publisher.publish([event(3)]);
      const received = await consume(broker.brokers, topic.name, ({ length }) => length === 3);
      expect(received.map(({ headers }) => headers['ce_position'])).toEqual(['1', '2', '3']);
    } finally {
      await publisher.close();
      await broker.stop();
    }
  }, 90_000);

  it('names the topic when the broker does not let it create one', async () => {
    const broker = await startKafkaBroker({
      properties: {
        'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
        'allow.everyone.if.no.acl.found': 'true',
      },
    });
    const configuration = { brokers: [broker.brokers], ssl: false, sasl: null };
    const publisher = new KafkajsPublisher({ configuration, logger: recordingLogger() });
    const admin = testClient(broker.brokers).admin();
    const anonymous = {
      principal: 'User:ANONYMOUS',
      host: '*',
      resourcePatternType: ResourcePatternTypes.LITERAL,
    };
    const allow = {
      ...anonymous,
      operation: AclOperationTypes.ALL,
      permissionType: AclPermissionTypes.ALLOW,
    };
    const refuse = {
      ...anonymous,
      operation: AclOperationTypes.CREATE,
      permissionType: AclPermissionTypes.DENY,
    };
    const cluster = { resourceType: AclResourceTypes.CLUSTER, resourceName: 'kafka-cluster' };
    const anyTopic = { resourceType: AclResourceTypes.TOPIC, resourceName: '*' };
    try {
      await admin.connect();
      // The broker itself is User:ANONYMOUS, too: it keeps all its rights but this one.
      await admin.createAcls({
        acl: [
          { ...allow, ...cluster },
          { ...allow, ...anyTopic },
          { ...refuse, ...cluster },
          { ...refuse, ...anyTopic },
        ],
      });
      const refused = publisher.connect();
      await expect(refused).rejects.toThrow(MissingTopic);
      await expect(refused).rejects.toThrow(/clientele\.events\.v1 is missing .* 12 partitions/);
    } finally {
      await admin.disconnect();
      await publisher.close();
      await broker.stop();
    }
  }, 60_000);
});
