/** One committed event as it lies in the log. */
export interface CommittedEvent {
  /** 1 for the first event of the log, then without gaps, in commit order. Every cursor is this one number. */
  readonly position: number;
  readonly event_id: string;
  readonly stream: string;
  readonly version: number;
  /** E.g. `client.registered`. */
  readonly type: string;
  readonly realm: string;
  /** Database clock. */
  readonly recorded_at: Date;
  /** RFC 8785 bytes of the envelope: the truth. */
  readonly body: Buffer;
}

/** Reads the log by position. A reader that asks for what follows its cursor misses nothing. */
export abstract class EventReader {
  /**
   * The events after a position, in order.
   *
   * @param after the last position the reader has; 0 to begin
   * @param limit at most so many
   */
  abstract readAfter(after: number, limit: number): Promise<readonly CommittedEvent[]>;
  /** The position of the newest event; 0 for an empty log. */
  abstract head(): Promise<number>;
}
