import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { PostgresEventReader } from '../../platform/event-log/postgres-event-reader.js';
import { EventPresenter } from './event-presenter.js';
import type { PresentedEvent } from './presented-event.js';
import { ReadFeed } from './read-feed.query.js';

@QueryHandler(ReadFeed)
export class ReadFeedHandler implements IQueryHandler<ReadFeed> {
  constructor(
    private readonly reader: PostgresEventReader,
    private readonly presenter: EventPresenter,
  ) {}

  async execute({ after, limit }: ReadFeed): Promise<readonly PresentedEvent[]> {
    const events = await this.reader.readAfter(after, limit);
    return Promise.all(events.map((event) => this.presenter.present(event)));
  }
}
