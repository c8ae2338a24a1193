import { randomUUID } from 'node:crypto';
import kafkajs, { type Kafka } from 'kafkajs';
import { topics, type Topic } from '../../src/platform/kafka/topics.js';

/** A record as a consumer gets it. */
export interface ConsumedRecord {
  readonly partition: number;
  readonly offset: number;
  readonly key: string;
  readonly value: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

/** The events topic under a name that no other test uses. */
export function aTopic(): Topic {
  return { ...topics.events, name: `test.${randomUUID()}` };
}

/** A kafkajs client for a test's own questions, without log lines. */
export function testClient(brokers: string): Kafka {
  return new kafkajs.Kafka({ brokers: brokers.split(','), logLevel: kafkajs.logLevel.NOTHING });
}

/**
 * Reads a topic, which must exist, from its beginning until a condition holds, in the order each partition delivers.
 *
 * @param enough asked after every record; the test's time limit ends a wait in vain
 */
export async function consume(
  brokers: string,
  topic: string,
  enough: (records: readonly ConsumedRecord[]) => boolean,
): Promise<readonly ConsumedRecord[]> {
  const consumer = testClient(brokers).consumer({ groupId: `test.${randomUUID()}` });
  const records: ConsumedRecord[] = [];
  try {
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      // A group coordinator that still loads is such a crash, too, after which kafkajs starts again by itself.
      consumer.on(consumer.events.CRASH, ({ payload }) => {
        if (!payload.restart) reject(payload.error);
      });
      consumer
        .run({
          eachMessage: async ({ partition, message }) => {
            records.push({
              partition,
              offset: Number(message.offset),
              key: String(message.key),
              value: message.value ?? Buffer.alloc(0),
              headers: Object.fromEntries(
                Object.entries(message.headers ?? {}).map(([name, value]) => [name, String(value)]),
              ),
            });
            if (enough(records)) resolve();
          },
        })
        .catch(reject);
    });
  } finally {
    await consumer.disconnect();
  }
  return records;
}

/**
 * What a consumer keeps that follows our rule: a version it has is dropped.
 *
 * @returns the versions per stream, in order of arrival
 */
export function versionsKept(records: readonly ConsumedRecord[]): ReadonlyMap<string, readonly number[]> {
  const kept = new Map<string, number[]>();
  for (const { key, headers } of records) {
    const versions = kept.get(key) ?? [];
    const version = Number(headers['ce_streamversion']);
    if (version > (versions.at(-1) ?? 0)) versions.push(version);
    kept.set(key, versions);
  }
  return kept;
}
