/** What a relay is doing. */
export type RelayState =
  /** Not started, stopped, or without a Kafka configuration. */
  | 'idle'
  /** It publishes. */
  | 'leading'
  /** Another instance publishes; this one stands by. */
  | 'following'
  /** Kafka cannot be reached, or lacks a topic. Events wait in the log. */
  | 'waiting_for_kafka';

/** A relay as its metrics and its readiness tell it. */
export interface RelayStatus {
  readonly state: RelayState;
  /** Position of the last event that Kafka acknowledged, to whichever instance. */
  readonly cursor: number;
  /** Committed events behind the cursor, at most a second old. */
  readonly lagEvents: number;
  /** Age of the oldest of them; 0 when there are none. */
  readonly lagSeconds: number;
  /** What went wrong last, until it goes well again. Names hosts: for operators only. */
  readonly lastError: string | null;
}

export type RelayLag = Pick<RelayStatus, 'lagEvents' | 'lagSeconds'>;
