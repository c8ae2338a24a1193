import { Query } from '@nestjs/cqrs';
import type { PresentedEvent } from './presented-event.js';

/** A page of the log, forward from a position. A reader that asks on from the last position it has misses nothing. */
export class ReadFeed extends Query<readonly PresentedEvent[]> {
  constructor(
    /** The last position the reader has; 0 to begin. */
    readonly after: number,
    readonly limit: number,
  ) {
    super();
  }
}
