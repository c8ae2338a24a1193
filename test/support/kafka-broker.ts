import {
  type KafkaBroker,
  type KafkaBrokerOptions,
  startKafkaBroker as start,
} from '../../scripts/kafka/broker.mjs';

export type { KafkaBroker } from '../../scripts/kafka/broker.mjs';

/**
 * Starts a broker that belongs to one test alone, e.g. because the test stops it. Everybody else takes the shared one:
 * `inject('kafkaBrokers')`.
 *
 * @throws BrokerUnavailable when no broker can run here; its message says what to install
 */
export function startKafkaBroker(options: KafkaBrokerOptions = {}): Promise<KafkaBroker> {
  return start(options);
}
