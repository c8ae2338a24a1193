import kafkajs, { type Kafka, type Message, type Producer } from 'kafkajs';
import type { Logger } from 'pino';
import type { KafkaConfiguration } from '../config/configuration.js';
import { ensureTopics } from './ensure-topics.js';
import { EventPublisher, PublishFailed, type KafkaRecord } from './event-publisher.js';
import { createKafkaClient } from './kafka-client.js';
import { topics as allTopics, type Topic } from './topics.js';

const ALL_IN_SYNC_REPLICAS = -1;
/** How long the broker may wait for its replicas before it refuses a batch. */
const ACKNOWLEDGEMENT_TIMEOUT_MILLISECONDS = 8_000;
/**
 * A request whose connection had died while idle is sent once more, under the same sequence numbers, so that the broker
 * stores it once. More patience belongs to the caller, who must not go on repeating a request that has become stale.
 */
const REPETITIONS_OF_A_REQUEST = 1;

export interface KafkajsPublisherOptions {
  readonly configuration: KafkaConfiguration;
  readonly logger: Pick<Logger, 'debug' | 'warn'>;
  /** The topics that `connect` makes sure of. */
  readonly topics?: readonly Topic[];
}

/**
 * Publishes with kafkajs. What makes it safe: all replicas acknowledge, one request at a time, topics are never created
 * by mere use, and a producer that has failed once is never used again. The last matters because kafkajs turns sequence
 * numbers back after a failure; had the broker stored the batch in spite of it, the next one under these numbers would
 * be taken for a repetition and lost.
 */
export class KafkajsPublisher extends EventPublisher {
  private readonly client: Kafka;
  private readonly topics: readonly Topic[];
  private readonly warnedOf = new Set<string>();
  private producer: Producer | undefined;
  private publishing = false;

  constructor(private readonly options: KafkajsPublisherOptions) {
    super();
    this.client = createKafkaClient(options.configuration, options.logger);
    this.topics = options.topics ?? Object.values(allTopics);
  }

  async connect(): Promise<void> {
    await this.close();
    await this.ensureTopics();
    const producer = this.client.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      // murmur2 of the key, as the Java client does; named here because the choice may never change.
      createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
      retry: { retries: REPETITIONS_OF_A_REQUEST },
    });
    try {
      await producer.connect();
    } catch (error) {
      discard(producer);
      throw error;
    }
    this.producer = producer;
  }

  async publish(records: readonly KafkaRecord[]): Promise<void> {
    const producer = this.producer;
    if (!producer) throw new PublishFailed('the publisher is not connected');
    if (this.publishing) throw new Error('one call of publish at a time');
    this.publishing = true;
    try {
      await producer.sendBatch({
        acks: ALL_IN_SYNC_REPLICAS,
        timeout: ACKNOWLEDGEMENT_TIMEOUT_MILLISECONDS,
        topicMessages: byTopic(records),
      });
    } catch (error) {
      this.producer = undefined;
      discard(producer);
      throw new PublishFailed(error);
    } finally {
      this.publishing = false;
    }
  }

  async close(): Promise<void> {
    const producer = this.producer;
    this.producer = undefined;
    await producer?.disconnect();
  }

  private async ensureTopics(): Promise<void> {
    const admin = this.client.admin();
    try {
      await admin.connect();
      for (const { topic, expected, actual } of await ensureTopics(admin, this.topics)) {
        if (this.warnedOf.has(topic)) continue;
        this.warnedOf.add(topic);
        this.options.logger.warn(
          { topic, expected, actual },
          'a topic has another number of partitions than ours',
        );
      }
    } finally {
      await admin.disconnect();
    }
  }
}

/** Disconnecting waits for requests in flight, which nobody else should have to. */
function discard(producer: Producer): void {
  producer.disconnect().catch(() => undefined);
}

function byTopic(records: readonly KafkaRecord[]): { topic: string; messages: Message[] }[] {
  const groups = new Map<string, Message[]>();
  for (const { topic, key, value, headers } of records) {
    const messages = groups.get(topic) ?? [];
    messages.push({ key, value, headers: { ...headers } });
    groups.set(topic, messages);
  }
  return [...groups].map(([topic, messages]) => ({ topic, messages }));
}
