import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { Problem } from '../../platform/http/problem.js';
import { ClientDirectoryEntity } from './client-directory.entity.js';
import { ListClients, type ClientPage } from './list-clients.query.js';

/** Pages by the last row's creation time and id, so that new clients never shift a page. */
@QueryHandler(ListClients)
export class ListClientsHandler implements IQueryHandler<ListClients> {
  constructor(
    @InjectRepository(ClientDirectoryEntity) private readonly clients: Repository<ClientDirectoryEntity>,
  ) {}

  async execute({ realm, filter, cursor, limit }: ListClients): Promise<ClientPage> {
    const query = this.clients
      .createQueryBuilder('c')
      .where('c.realm = :realm', { realm })
      .orderBy('c.createdAt', 'DESC')
      .addOrderBy('c.clientId', 'DESC')
      .take(limit + 1);
    if (filter.status === 'suspended') query.andWhere('c.suspended');
    else if (filter.status) query.andWhere('c.status = :status', { status: filter.status });
    if (filter.search) {
      const pattern = `%${filter.search.replace(/[\\%_]/g, '\\$&')}%`;
      query.andWhere('(c.clientId ilike :pattern or c.clientName ilike :pattern)', { pattern });
    }
    if (cursor !== undefined) {
      const after = decodeCursor(cursor);
      if (!after) throw new Problem(400, 'invalid_cursor', 'cursor: this is none that a page answered');
      query.andWhere('(c.createdAt, c.clientId) < (:createdAt::timestamptz, :clientId)', {
        createdAt: after.createdAt,
        clientId: after.clientId,
      });
    }
    const rows = await query.getMany();
    const page = rows.slice(0, limit);
    const last = rows.length > limit ? page.at(-1) : undefined;
    return {
      items: page.map((row) => ({ state: row.record, version: row.version, hash: row.hash })),
      nextCursor: last ? encodeCursor(last.record.created_at, last.clientId) : null,
    };
  }
}

/** Opaque to callers: they hand back what they were given. */
function encodeCursor(createdAt: string, clientId: string): string {
  return Buffer.from(JSON.stringify([createdAt, clientId])).toString('base64url');
}

function decodeCursor(cursor: string): { readonly createdAt: string; readonly clientId: string } | undefined {
  try {
    const [createdAt, clientId] = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as unknown[];
    return isTimestamp(createdAt) && typeof clientId === 'string' ? { createdAt, clientId } : undefined;
  } catch {
    return undefined;
  }
}

/** In the one form that we write; others PostgreSQL may read differently, or not at all. */
function isTimestamp(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    /^[1-9]\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d[.]\d{3}Z$/.test(value) &&
    !Number.isNaN(Date.parse(value))
  );
}
