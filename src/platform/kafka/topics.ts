/** A topic of ours and how it is created. */
export interface Topic {
  readonly name: string;
  /** For life: another number would send a stream to another partition and break its order. */
  readonly partitions: number;
  /** Topic settings that differ from the broker's. */
  readonly settings: Readonly<Record<string, string>>;
}

/** Every topic that the relay publishes to. */
export const topics = {
  /** Every event of the log, in order per stream; kept for ever, unless the operator decides otherwise. */
  events: {
    name: 'clientele.events.v1',
    partitions: 12,
    settings: { 'cleanup.policy': 'delete', 'retention.ms': '-1' },
  },
} as const satisfies Record<string, Topic>;
