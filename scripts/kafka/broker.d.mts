/** What to start. */
export interface KafkaBrokerOptions {
  /** Kept after `stop`, used again by the next start. Unset: a temporary folder that `stop` deletes. */
  readonly dataDirectory?: string | undefined;
  /** Unset: any free port. */
  readonly port?: number | undefined;
  /** Broker settings that are added to, or replace, those of `server-properties.mjs`. */
  readonly properties?: Readonly<Record<string, string>> | undefined;
}

/** A running broker. */
export interface KafkaBroker {
  /** host:port, as KAFKA_BROKERS takes it; the same through kill and restart. */
  readonly brokers: string;
  /** Ends it in good order and deletes a temporary folder. */
  stop(): Promise<void>;
  /** kill -9. Its data stays for `restart`. */
  kill(): Promise<void>;
  /** Ends it in good order if it runs, starts it again on the same data and port, and waits until it answers. */
  restart(): Promise<void>;
  /** Freezes the process: connections stay open, nothing is answered. */
  pause(): void;
  resume(): void;
}

/**
 * Starts a single-node Apache Kafka broker on 127.0.0.1 and waits until it answers.
 *
 * @throws BrokerUnavailable when it cannot run here; the message says what to do
 */
export function startKafkaBroker(options?: KafkaBrokerOptions): Promise<KafkaBroker>;
