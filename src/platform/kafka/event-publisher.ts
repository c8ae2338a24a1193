/** What Kafka gets. */
export interface KafkaRecord {
  readonly topic: string;
  /** Records with the same key keep their order. */
  readonly key: string;
  readonly value: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Publishes records to Kafka, at least once and in order per key. After an error the publisher is not connected any more:
 * whoever uses it connects again and repeats what was not acknowledged.
 */
export abstract class EventPublisher {
  /**
   * Connects and makes sure that the topics exist.
   *
   * @throws MissingTopic when a topic is missing and may not be created
   * @throws Error when no broker answers
   */
  abstract connect(): Promise<void>;

  /**
   * Sends the records as one request per broker and resolves when all in-sync replicas have them. One call at a time.
   *
   * @param records in the order they are to be stored; a few hundred kilobytes at most
   * @throws PublishFailed when any of them was not acknowledged; some may be stored all the same
   */
  abstract publish(records: readonly KafkaRecord[]): Promise<void>;

  /** Disconnects. A publisher that is not connected closes without effect. */
  abstract close(): Promise<void>;
}

/** Kafka did not acknowledge. */
export class PublishFailed extends Error {
  constructor(cause: unknown) {
    super(`Kafka did not acknowledge: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.name = 'PublishFailed';
  }
}

/** A topic is not there for us, and we may not create it. */
export class MissingTopic extends Error {
  /**
   * @param topic its name
   * @param partitions how many partitions it must be created with
   * @param reason Kafka's name of the error, e.g. `TOPIC_AUTHORIZATION_FAILED`
   */
  constructor(
    readonly topic: string,
    partitions: number,
    reason: string,
  ) {
    super(
      `topic ${topic} is missing and cannot be created (${reason}): create it with ${partitions} partitions, ` +
        'or allow the service to create topics',
    );
    this.name = 'MissingTopic';
  }
}
