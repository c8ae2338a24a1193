import { setTimeout as delay } from 'node:timers/promises';
import kafkajs from 'kafkajs';

/** A node answers within a few seconds of its start, or not at all. */
const PATIENCE_MILLISECONDS = 60_000;

/**
 * Resolves when the broker answers a metadata request and counts itself among the living.
 *
 * @param {string} brokers host:port
 * @param {string} clusterId whose answer it must be: another broker may sit on the port
 * @param {() => void} assertAlive throws when the process has ended, which ends the wait
 */
export async function metadataAnswered(brokers, clusterId, assertAlive) {
  const deadline = Date.now() + PATIENCE_MILLISECONDS;
  for (let pause = 100; ; pause = Math.min(pause * 1.5, 1000)) {
    assertAlive();
    if (await answers(brokers, clusterId)) return;
    if (Date.now() > deadline)
      throw new Error(`no broker answered on ${brokers} within ${PATIENCE_MILLISECONDS} ms`);
    await delay(pause);
  }
}

/**
 * @param {string} brokers
 * @param {string} clusterId
 */
async function answers(brokers, clusterId) {
  const client = new kafkajs.Kafka({
    brokers: [brokers],
    logLevel: kafkajs.logLevel.NOTHING,
    connectionTimeout: 1000,
    requestTimeout: 2000,
    retry: { retries: 0 },
  });
  const admin = client.admin();
  try {
    await admin.connect();
    const cluster = await admin.describeCluster();
    return cluster.clusterId === clusterId && cluster.brokers.length > 0 && cluster.controller !== null;
  } catch {
    return false;
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}
