import type { Clock } from '../../platform/clock.js';
import type { EventReader } from '../../platform/event-log/event-reader.js';
import type { RelayLag } from './relay-status.js';

/** Measures how far Kafka is behind the log, independently of whether anything is published at the moment. */
export class LagProbe {
  private head = 0;
  /** When the oldest event behind the cursor was recorded, if there was one at the last measurement. */
  private oldest: Date | undefined;

  constructor(
    private readonly reader: EventReader,
    private readonly clock: Clock,
  ) {}

  /** @param cursor the last position that Kafka has */
  async measure(cursor: number): Promise<void> {
    this.head = await this.reader.head();
    const [oldest] = this.head > cursor ? await this.reader.readAfter(cursor, 1) : [];
    this.oldest = oldest?.recorded_at;
  }

  /** The lag of a cursor by the last measurement; the seconds are never too few, but may be of an event just relayed. */
  lag(cursor: number): RelayLag {
    const lagEvents = Math.max(0, this.head - cursor);
    if (lagEvents === 0 || !this.oldest) return { lagEvents, lagSeconds: 0 };
    return { lagEvents, lagSeconds: Math.max(0, this.clock.now() - this.oldest.getTime()) / 1000 };
  }
}
