import kafkajs from 'kafkajs';
import { describe, expect, it, vi } from 'vitest';
import { ensureTopics, type TopicAdmin } from './ensure-topics.js';
import { MissingTopic } from './event-publisher.js';
import { topics } from './topics.js';

/** kafkajs makes these from Kafka's error codes; its type declaration knows only the message. */
function protocolError(type: string): Error {
  return new kafkajs.KafkaJSProtocolError({ type, message: type, code: 1 } as unknown as Error);
}

function adminOf(answers: { partitions?: number; describe?: Error; create?: Error }) {
  return {
    fetchTopicMetadata: vi.fn<TopicAdmin['fetchTopicMetadata']>(async () => {
      if (answers.describe) throw answers.describe;
      const partitions = Array.from({ length: answers.partitions ?? 0 }, (_, partitionId) => ({
        partitionErrorCode: 0,
        partitionId,
        leader: 1,
        replicas: [1],
        isr: [1],
      }));
      return { topics: [{ name: 'clientele.events.v1', partitions }] };
    }),
    createTopics: vi.fn<TopicAdmin['createTopics']>(async () => {
      if (answers.create) throw answers.create;
      return true;
    }),
  };
}

const unknown = protocolError('UNKNOWN_TOPIC_OR_PARTITION');

describe('ensuring topics', () => {
  it('leaves a topic that exists as it is', async () => {
    const admin = adminOf({ partitions: 12 });
    expect(await ensureTopics(admin, [topics.events])).toEqual([]);
    expect(admin.createTopics).not.toHaveBeenCalled();
  });

  it('tells when somebody created a topic with another number of partitions', async () => {
    const admin = adminOf({ partitions: 3 });
    expect(await ensureTopics(admin, [topics.events])).toEqual([
      { topic: 'clientele.events.v1', expected: 12, actual: 3 },
    ]);
    expect(admin.createTopics).not.toHaveBeenCalled();
  });

  it('creates a missing topic with 12 partitions and without an end of retention', async () => {
    const admin = adminOf({ describe: unknown });
    await ensureTopics(admin, [topics.events]);
    expect(admin.createTopics).toHaveBeenCalledExactlyOnceWith({
      topics: [
        {
          topic: 'clientele.events.v1',
          numPartitions: 12,
          configEntries: [
            { name: 'cleanup.policy', value: 'delete' },
            { name: 'retention.ms', value: '-1' },
          ],
        },
      ],
    });
  });

  it.each(['TOPIC_AUTHORIZATION_FAILED', 'CLUSTER_AUTHORIZATION_FAILED', 'POLICY_VIOLATION'])(
    'names the topic that %s keeps from being created',
    async (type) => {
      const create = new kafkajs.KafkaJSAggregateError('Topic creation errors', [protocolError(type)]);
      const refused = ensureTopics(adminOf({ describe: unknown, create }), [topics.events]);
      await expect(refused).rejects.toThrow(MissingTopic);
      await expect(refused).rejects.toThrow(`clientele.events.v1 is missing and cannot be created (${type})`);
    },
  );

  it('takes a topic that we may not see for a missing one', async () => {
    const hidden = protocolError('TOPIC_AUTHORIZATION_FAILED');
    await expect(
      ensureTopics(adminOf({ describe: hidden, create: hidden }), [topics.events]),
    ).rejects.toThrow(MissingTopic);
  });

  it('passes on that no broker answers', async () => {
    const silence = new kafkajs.KafkaJSConnectionError('Connection timeout');
    await expect(ensureTopics(adminOf({ describe: silence }), [topics.events])).rejects.toBe(silence);
    await expect(ensureTopics(adminOf({ describe: unknown, create: silence }), [topics.events])).rejects.toBe(
      silence,
    );
  });
});
