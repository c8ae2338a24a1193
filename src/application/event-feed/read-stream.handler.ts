import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { PostgresEventReader } from '../../platform/event-log/postgres-event-reader.js';
import { EventPresenter } from './event-presenter.js';
import type { PresentedEvent } from './presented-event.js';
import { ReadStream } from './read-stream.query.js';

@QueryHandler(ReadStream)
export class ReadStreamHandler implements IQueryHandler<ReadStream> {
  constructor(
    private readonly reader: PostgresEventReader,
    private readonly presenter: EventPresenter,
  ) {}

  async execute({ stream }: ReadStream): Promise<readonly PresentedEvent[]> {
    if (stream.includes('\0')) return [];
    const events = await this.reader.readStream(stream);
    return Promise.all(events.map((event) => this.presenter.present(event)));
  }
}
