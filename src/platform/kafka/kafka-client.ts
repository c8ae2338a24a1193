import kafkajs, { type Kafka, type KafkaConfig, type LogEntry, type SASLOptions } from 'kafkajs';
import type { Logger } from 'pino';
import type { KafkaConfiguration } from '../config/configuration.js';
import { repairRequestQueueTimer } from './request-queue-timer.js';

const CONNECTION_TIMEOUT_MILLISECONDS = 3_000;
/** Longer than the 8 seconds that brokers get to replicate a batch, see `KafkajsPublisher`. */
const REQUEST_TIMEOUT_MILLISECONDS = 10_000;

/**
 * A kafkajs client. It gives up soon: who waits for Kafka, and how long, is decided by the relay.
 *
 * @param configuration brokers, TLS and SASL
 * @param logger gets the library's own lines at level debug
 */
export function createKafkaClient(configuration: KafkaConfiguration, logger: Pick<Logger, 'debug'>): Kafka {
  repairRequestQueueTimer();
  const settings: KafkaConfig = {
    clientId: 'clientele',
    brokers: [...configuration.brokers],
    ssl: configuration.ssl,
    connectionTimeout: CONNECTION_TIMEOUT_MILLISECONDS,
    requestTimeout: REQUEST_TIMEOUT_MILLISECONDS,
    // Every retry of a connection tries the next broker of the list.
    retry: { initialRetryTime: 100, maxRetryTime: 1_000, retries: configuration.brokers.length },
    logLevel: kafkajs.logLevel.INFO,
    logCreator: () => (entry) => writeLine(logger, entry),
  };
  if (configuration.sasl) settings.sasl = { ...configuration.sasl } as SASLOptions;
  return new kafkajs.Kafka(settings);
}

/** kafkajs calls transient faults errors. What a failure means is for the caller to judge and to log. */
function writeLine(logger: Pick<Logger, 'debug'>, { namespace, label, log }: LogEntry): void {
  const { message, timestamp: _timestamp, logger: _logger, ...details } = log;
  logger.debug({ kafkajs: { namespace, level: label, ...details } }, message);
}
