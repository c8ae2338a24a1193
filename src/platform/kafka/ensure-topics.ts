import kafkajs, { type Admin } from 'kafkajs';
import { MissingTopic } from './event-publisher.js';
import type { Topic } from './topics.js';

const { KafkaJSAggregateError, KafkaJSProtocolError } = kafkajs;

/** A topic that somebody else created with another number of partitions. */
export interface PartitionMismatch {
  readonly topic: string;
  readonly expected: number;
  readonly actual: number;
}

/** The part of kafkajs' admin client that is needed here. */
export type TopicAdmin = Pick<Admin, 'fetchTopicMetadata' | 'createTopics'>;

/** Kafka's answers that say nothing about the broker's health, only that the topic is not there for us. */
const absent: ReadonlySet<string> = new Set(['UNKNOWN_TOPIC_OR_PARTITION', 'TOPIC_AUTHORIZATION_FAILED']);

/**
 * Creates the topics that do not exist, with the broker's default replication. A topic that exists is left as it is: its
 * partitions decide where a key goes, so they may not change, whatever their number.
 *
 * @returns the topics that have another number of partitions than ours
 * @throws MissingTopic when a topic is missing and the broker refuses to create it
 */
export async function ensureTopics(
  admin: TopicAdmin,
  topics: readonly Topic[],
): Promise<readonly PartitionMismatch[]> {
  const mismatches: PartitionMismatch[] = [];
  for (const topic of topics) {
    const actual = await partitionsOf(admin, topic.name);
    if (actual === undefined) await create(admin, topic);
    else if (actual !== topic.partitions) {
      mismatches.push({ topic: topic.name, expected: topic.partitions, actual });
    }
  }
  return mismatches;
}

async function partitionsOf(admin: TopicAdmin, topic: string): Promise<number | undefined> {
  try {
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
    return topics.find(({ name }) => name === topic)?.partitions.length;
  } catch (error) {
    if (error instanceof KafkaJSProtocolError && absent.has(error.type)) return undefined;
    throw error;
  }
}

async function create(admin: TopicAdmin, topic: Topic): Promise<void> {
  try {
    // False, which is no error, means that another instance was faster.
    await admin.createTopics({
      topics: [
        {
          topic: topic.name,
          numPartitions: topic.partitions,
          configEntries: Object.entries(topic.settings).map(([name, value]) => ({ name, value })),
        },
      ],
    });
  } catch (error) {
    const refusal = error instanceof KafkaJSAggregateError ? error.errors[0] : error;
    if (refusal instanceof KafkaJSProtocolError) {
      throw new MissingTopic(topic.name, topic.partitions, refusal.type);
    }
    throw error;
  }
}
