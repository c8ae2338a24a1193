import { randomUUID } from 'node:crypto';
import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Pool } from 'pg';
import type { ClientState } from '../../domain/client/client-state.js';
import { Clock } from '../../platform/clock.js';
import { POOL } from '../../platform/database/pool.js';
import { EventLog } from '../../platform/event-log/event-log.js';
import type { StreamHead } from '../../platform/event-log/append-call.js';
import { EventContexts } from '../admission/event-contexts.js';
import { ExpireClients } from './expire-clients.command.js';

const MOST_AT_ONCE = 500;

type ExpiredClient = StreamHead<ClientState> & { readonly stream: string };

/**
 * Readers treat a client as gone from its `expires_at` on; this makes it an event afterwards. Every instance may run it:
 * the one whose append comes second finds another version and leaves the client alone.
 */
@CommandHandler(ExpireClients)
export class ExpireClientsHandler implements ICommandHandler<ExpireClients> {
  constructor(
    @Inject(POOL) private readonly pool: Pool,
    private readonly log: EventLog,
    private readonly contexts: EventContexts,
    private readonly clock: Clock,
  ) {}

  async execute(): Promise<number> {
    const expired = await this.expired();
    const results = await Promise.all(expired.map((client) => this.expire(client)));
    return results.filter((committed) => committed).length;
  }

  /** By the database's clock. */
  private async expired(): Promise<readonly ExpiredClient[]> {
    const { rows } = await this.pool.query<Omit<ExpiredClient, 'state'> & { readonly record: ClientState }>({
      name: 'expired_clients',
      text: `select stream, version, hash, record from client_directory
             where expires_at <= now() and status in ('pending', 'active') order by expires_at limit $1`,
      values: [MOST_AT_ONCE],
    });
    return rows.map(({ record, ...head }) => ({ ...head, state: record }));
  }

  private async expire({ stream, ...head }: ExpiredClient): Promise<boolean> {
    const { realm, client_id, expires_at } = head.state;
    const context = await this.contexts.build({
      realm,
      now: this.clock.now(),
      actor: { kind: 'system', id: null, method: null },
      origin: { ip: null, userAgent: null, correlationId: randomUUID(), traceparent: null },
    });
    const data = { client_id, expired_at: expires_at ?? context.occurred_at };
    const result = await this.log.append({
      context,
      writes: [{ stream, head, events: [{ type: 'client.expired', data }] }],
    });
    return result.committed;
  }
}
