// A consumer as an audit pipeline would write it.
import { Kafka, logLevel } from 'kafkajs';

const TOPIC = 'clientele.events.v1';

/**
 * Reads the topic from its beginning until the event with the given position was seen.
 *
 * @param {string} brokers
 * @param {number} lastPosition
 * @returns {Promise<{headers: Record<string, string>, value: any, partition: number}[]>} without repetitions, in log order
 */
export async function eventsOfTopic(brokers, lastPosition) {
  const kafka = new Kafka({ clientId: 'demo', brokers: brokers.split(','), logLevel: logLevel.NOTHING });
  const consumer = kafka.consumer({ groupId: `demo-${process.pid}` });
  const seen = new Map();
  await consumer.connect();
  await consumer.subscribe({ topic: TOPIC, fromBeginning: true });
  await new Promise((resolve, reject) => {
    consumer
      .run({
        eachMessage: async ({ message, partition }) => {
          const headers = Object.fromEntries(
            Object.entries(message.headers).map(([name, value]) => [name, String(value)]),
          );
          // At least once: the same event may come again, and has the same id then.
          seen.set(headers.ce_id, { headers, value: JSON.parse(String(message.value)), partition });
          if (seen.size === lastPosition) resolve();
        },
      })
      .catch(reject);
  });
  await consumer.disconnect();
  return [...seen.values()].sort((a, b) => Number(a.headers.ce_position) - Number(b.headers.ce_position));
}
