import { Controller, Get, Query, UseGuards } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { z } from 'zod';
import { ReadFeed } from '../../../application/event-feed/read-feed.query.js';
import { adminQuery } from '../admin-body.js';
import { OperatorGuard } from '../operator.guard.js';

const feedQuery = z.object({
  after: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).default(0),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});

/** The event feed: the log by position, forward. */
@Controller('admin/v1/events')
@UseGuards(OperatorGuard)
export class EventsController {
  constructor(private readonly queries: QueryBus) {}

  @Get()
  async list(@Query() query: unknown): Promise<object> {
    const { after, limit } = adminQuery(feedQuery, query);
    const items = await this.queries.execute(new ReadFeed(after, limit));
    // Never null: the cursor of an empty page is where the reader stands, and more will follow.
    return { items, next_cursor: items.at(-1)?.position ?? after };
  }
}
