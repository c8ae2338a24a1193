import { randomUUID } from 'node:crypto';
import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Pool } from 'pg';
import type { ClientExpired } from '../../contract/events/client-expired.event.js';
import { streams } from '../../contract/streams.js';
import type { ClientState } from '../../domain/client/client-state.js';
import { Clock } from '../../platform/clock.js';
import { POOL } from '../../platform/database/pool.js';
import { EventLog } from '../../platform/event-log/event-log.js';
import type { StreamHead } from '../../platform/event-log/append-call.js';
import { EventContexts } from '../admission/event-contexts.js';
import { ExpireClients } from './expire-clients.command.js';
import { UnusedClients } from './unused-clients.js';

const MOST_AT_ONCE = 500;
/** In one run; the next one goes on. */
const MOST_UNUSED = 10_000;

/** Why a client ends. */
type Cause = NonNullable<ClientExpired['cause']>;
type ExpiredClient = StreamHead<ClientState> & { readonly stream: string };

/**
 * Readers treat a client as gone from its `expires_at` on; this makes it an event afterwards, and ends clients that nobody
 * ever used. Every instance may run it:
 * the one whose append comes second finds another version and leaves the client alone.
 */
@CommandHandler(ExpireClients)
export class ExpireClientsHandler implements ICommandHandler<ExpireClients> {
  constructor(
    @Inject(POOL) private readonly pool: Pool,
    private readonly log: EventLog,
    private readonly contexts: EventContexts,
    private readonly clock: Clock,
    private readonly unused: UnusedClients,
  ) {}

  async execute(): Promise<number> {
    const ended = await this.expireAll(await this.expired(), 'lifetime');
    return ended + (await this.expireUnused());
  }

  private async expireUnused(): Promise<number> {
    let expired = 0;
    for await (const batch of this.unused.batches()) {
      expired += await this.expireAll(batch, 'unused');
      if (expired >= MOST_UNUSED) break;
    }
    return expired;
  }

  private async expireAll(clients: readonly ExpiredClient[], cause: Cause): Promise<number> {
    const results = await Promise.all(clients.map((client) => this.expire(client, cause)));
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

  private async expire({ stream, ...head }: ExpiredClient, cause: Cause): Promise<boolean> {
    const { realm, client_id, expires_at } = head.state;
    const context = await this.contexts.build({
      realm,
      now: this.clock.now(),
      actor: { kind: 'system', id: null, method: null },
      origin: { ip: null, userAgent: null, correlationId: randomUUID(), traceparent: null },
    });
    const data =
      cause === 'unused'
        ? { client_id, expired_at: context.occurred_at, cause }
        : { client_id, expired_at: expires_at ?? context.occurred_at };
    const result = await this.log.append({
      context,
      // A use at the same moment wins.
      ...(cause === 'unused' && { requires: [{ stream: streams.usage(realm, client_id), version: 0 }] }),
      writes: [{ stream, head, events: [{ type: 'client.expired', data }] }],
    });
    return result.committed;
  }
}
