import type { TestProject } from 'vitest/node';
import { type KafkaBroker, startKafkaBroker } from './kafka-broker.js';

declare module 'vitest' {
  export interface ProvidedContext {
    /** host:port of the broker that the whole run shares: name topics and groups uniquely. */
    kafkaBrokers: string;
  }
}

let broker: KafkaBroker | undefined;
/** Ending by `process.exit` lets the broker's starter clean up. */
const interrupted = (): void => process.exit(143);

/** Starts one broker for the run, or takes the one that KAFKA_BROKERS names. */
export async function setup(project: TestProject): Promise<void> {
  process.once('SIGTERM', interrupted);
  const given = process.env['KAFKA_BROKERS'];
  if (!given) broker = await startKafkaBroker();
  project.provide('kafkaBrokers', given ?? broker!.brokers);
}

export async function teardown(): Promise<void> {
  process.off('SIGTERM', interrupted);
  await broker?.stop();
}
