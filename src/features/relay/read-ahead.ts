import type { CommittedEvent, EventReader } from '../../platform/event-log/event-reader.js';

interface Page {
  readonly after: number;
  readonly events: Promise<readonly CommittedEvent[]>;
}

/**
 * Reads the log page by page, the next one while the present one is on its way to Kafka. What is read ahead cannot become
 * stale: events never change, and a position is read only when everything before it is committed.
 */
export class ReadAhead {
  private rest: readonly CommittedEvent[] = [];
  private ahead: Page | undefined;

  constructor(
    private readonly reader: EventReader,
    private readonly pageSize: number,
  ) {}

  /** Some of the events that follow a position; none when there are no more. */
  async after(position: number): Promise<readonly CommittedEvent[]> {
    this.rest = this.rest.filter((event) => event.position > position);
    if (this.rest[0]?.position !== position + 1) {
      const { ahead } = this;
      this.ahead = undefined;
      this.rest = await (ahead?.after === position ? ahead : this.read(position)).events;
      if (this.rest.length === this.pageSize) this.ahead = this.read(this.rest.at(-1)!.position);
    }
    return this.rest;
  }

  private read(after: number): Page {
    const events = this.reader.readAfter(after, this.pageSize);
    // Whoever awaits the page gets the error; one that nobody awaits is nobody's error.
    events.catch(() => undefined);
    return { after, events };
  }
}
