import { Inject, Injectable } from '@nestjs/common';
import type { Pool } from 'pg';
import type { ClientState } from '../../domain/client/client-state.js';
import { unusedLifetime, type UnusedStatus } from '../../domain/client/unused-client.js';
import type { RealmState } from '../../domain/realm/realm-state.js';
import { Clock, timestamp } from '../../platform/clock.js';
import { POOL } from '../../platform/database/pool.js';
import type { StreamHead } from '../../platform/event-log/append-call.js';

/** So many rows of the directory a statement looks at: a few milliseconds. */
const PAGE = 500;
/** As many as one batch of the log takes, so that a registration waits for one of them at most. */
const MOST_AT_ONCE = 64;
const STATUSES: readonly UnusedStatus[] = ['active', 'pending'];

/** A client to expire. */
export type UnusedClient = StreamHead<ClientState> & { readonly stream: string };

/** Where the next page begins. */
interface Cursor {
  readonly createdAt: string;
  readonly clientId: string;
}

interface Row {
  readonly stream: string;
  readonly version: number;
  readonly hash: string;
  readonly created_at: Date;
  readonly client_id: string;
  /** Null for a client that stays. */
  readonly record: ClientState | null;
}

const BEGINNING: Cursor = { createdAt: '0001-01-01T00:00:00.000Z', clientId: '' };

/**
 * A page of the directory, with the clients that go: they came without a token, nobody used them and no person approved
 * them. Who is suspended is being looked at, and who has a live grant was used before uses were recorded (T-08). Pages are
 * by what was looked at, since the clients that stay are many.
 */
const page = (status: UnusedStatus) => ({
  name: `unused_clients_${status}`,
  text: `with page as materialized (
      select * from client_directory
      where realm = $1 and created_at <= $2 and (created_at, client_id) > ($3, $4) ${status === 'pending' ? 'and waiting' : ''}
      order by created_at, client_id limit ${PAGE})
    select stream, version, hash, created_at, client_id,
      case when status = '${status}' and channel = 'dynamic' and not suspended
        and record ->> 'initial_access_token' is null
        and record -> 'obligations' ->> 'trust' is distinct from 'approved'
        and not exists (select from client_usage used where used.stream = 'usage:' || page.realm || ':' || page.client_id)
        and not exists (
          select from oauth_models kept
          where kept.realm = page.realm and kept.model = 'Grant' and kept.payload ->> 'clientId' = page.client_id
            and (kept.expires_at is null or kept.expires_at > now()))
      then record end as record
    from page order by created_at, client_id`,
});

const pages = { active: page('active'), pending: page('pending') };

/**
 * Finds clients whose time without a use is over. What was gone through is not looked at again while the process lives:
 * once its time has come, a client is used, kept or expired.
 */
@Injectable()
export class UnusedClients {
  private readonly cursors = new Map<string, Cursor>();

  constructor(
    @Inject(POOL) private readonly pool: Pool,
    private readonly clock: Clock,
  ) {}

  /** Clients to expire, oldest first, some at a time, until there are no more or the caller stops. */
  async *batches(): AsyncGenerator<readonly UnusedClient[]> {
    const { rows } = await this.pool.query<{ record: RealmState }>('select record from realms');
    for (const { record: realm } of rows) {
      for (const status of STATUSES) yield* this.batchesOf(realm, status);
    }
  }

  private async *batchesOf(realm: RealmState, status: UnusedStatus): AsyncGenerator<readonly UnusedClient[]> {
    const lifetime = unusedLifetime(realm.lifetimes, status);
    if (lifetime === null) return;
    const until = timestamp(this.clock.now() - lifetime * 1000);
    const key = `${status} ${realm.name}`;
    for (;;) {
      const { createdAt, clientId } = this.cursors.get(key) ?? BEGINNING;
      const { rows } = await this.pool.query<Row>({
        ...pages[status],
        values: [realm.name, until, createdAt, clientId],
      });
      const last = rows.at(-1);
      if (!last) return;
      const unused = rows.flatMap(({ stream, version, hash, record }) =>
        record ? [{ stream, version, hash, state: record }] : [],
      );
      for (let from = 0; from < unused.length; from += MOST_AT_ONCE) {
        yield unused.slice(from, from + MOST_AT_ONCE);
      }
      // Only now: where a batch fails, or the caller has had enough, the page is gone through again.
      this.cursors.set(key, { createdAt: last.created_at.toISOString(), clientId: last.client_id });
      if (rows.length < PAGE) return;
    }
  }
}
