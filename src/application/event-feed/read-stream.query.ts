import { Query } from '@nestjs/cqrs';
import type { PresentedEvent } from './presented-event.js';

/** The whole history of one stream, oldest first; empty for a stream that never was. */
export class ReadStream extends Query<readonly PresentedEvent[]> {
  constructor(readonly stream: string) {
    super();
  }
}
