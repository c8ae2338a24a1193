import type pg from 'pg';
import type { AnyEvent } from '../../contract/events/index.js';
import { copyPrivileges } from '../database/privileges.js';
import { APPEND_LOCK } from './append-lock.js';
import { eventHash } from './encode-event.js';
import { projectedRow, type InlineProjection, type ProjectedRow } from './inline-projection.js';

const PAGE = 5_000;

interface StoredEvent {
  readonly position: string | number;
  readonly stream: string;
  readonly version: number;
  readonly body: Buffer;
}

/** How far a rebuild is. */
export interface RebuildProgress {
  readonly position: number;
  readonly head: number;
}

/**
 * Builds a projected table anew from the log while the service goes on, and puts it in the place of the old one. The new
 * table follows the log until it is close, then holds the append lock for the last events and the switch, so that no event
 * falls between. Nothing but the events and the pure fold goes into it.
 *
 * @param client a connection of its own, as the owner of the tables
 * @param onProgress called after every page
 * @returns the number of events that were read
 */
export async function rebuildProjection(
  client: pg.ClientBase,
  projection: InlineProjection,
  onProgress: (progress: RebuildProgress) => void = () => undefined,
): Promise<number> {
  const { table } = projection;
  const fresh = await freshTable(client, table, 'persistent');
  const rows = new RowBuilder(projection);
  let position = 0;
  for (;;) {
    position = await follow(client, projection, fresh, rows, position);
    const head = await headOf(client);
    onProgress({ position, head });
    if (head - position < PAGE) break;
  }
  await holdingAppends(client, async () => {
    await follow(client, projection, fresh, rows, position);
    await client.query(`drop table ${table}`);
    await client.query(`alter table ${fresh} rename to ${table}`);
  });
  return rows.events;
}

/**
 * Folds the log into a temporary copy of a projected table and measures both in one snapshot, which is consistent because
 * events and rows are committed together. Changes nothing and holds nobody up.
 *
 * @param measure called with the name of each table
 */
export async function foldProjection<Measure>(
  client: pg.ClientBase,
  projection: InlineProjection,
  measure: (table: string) => Promise<Measure>,
): Promise<{ readonly live: Measure; readonly folded: Measure }> {
  return inTransaction(client, 'isolation level repeatable read', async () => {
    const folded = await freshTable(client, projection.table, 'temporary');
    await follow(client, projection, folded, new RowBuilder(projection), 0);
    const measured = { live: await measure(projection.table), folded: await measure(folded) };
    await client.query(`drop table ${folded}`);
    return measured;
  });
}

async function freshTable(
  client: pg.ClientBase,
  table: string,
  kind: 'persistent' | 'temporary',
): Promise<string> {
  const fresh = `${table}_rebuilt`;
  if (kind === 'persistent') await client.query(`drop table if exists ${fresh}`);
  await client.query(
    `create ${kind === 'temporary' ? 'temporary' : ''} table ${fresh} (like ${table} including all)`,
  );
  if (kind === 'persistent') await copyPrivileges(client, table, fresh);
  return fresh;
}

/** Runs in a transaction that holds the append lock: no event is added until it ends. */
function holdingAppends<Result>(client: pg.ClientBase, work: () => Promise<Result>): Promise<Result> {
  return inTransaction(client, 'isolation level read committed', async () => {
    await client.query('select pg_advisory_xact_lock($1)', [APPEND_LOCK]);
    return work();
  });
}

async function inTransaction<Result>(
  client: pg.ClientBase,
  mode: string,
  work: () => Promise<Result>,
): Promise<Result> {
  await client.query(`begin ${mode}`);
  try {
    const result = await work();
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback');
    throw error;
  }
}

/** Folds events into rows; keeps the states, since a stream's events are spread over the log. */
class RowBuilder {
  events = 0;
  private readonly states = new Map<string, unknown>();

  constructor(private readonly projection: InlineProjection) {}

  add({ stream, version, body }: StoredEvent): ProjectedRow | undefined {
    this.events += 1;
    const envelope = JSON.parse(body.toString('utf8')) as AnyEvent;
    const state = this.projection.project(this.states.get(stream), envelope);
    if (state === undefined) return undefined;
    this.states.set(stream, state);
    return projectedRow(this.projection, stream, { version, hash: eventHash(body), state });
  }
}

async function follow(
  client: pg.ClientBase,
  projection: InlineProjection,
  table: string,
  rows: RowBuilder,
  after: number,
): Promise<number> {
  const head = await headOf(client);
  let position = after;
  while (position < head) {
    const { rows: events } = await client.query<StoredEvent>(
      `select position, stream, version, body from events
       where position > $1 and position <= $2 and stream like $3 order by position limit $4`,
      [position, head, `${projection.streamType}:%`, PAGE],
    );
    // Later versions of one stream replace earlier ones, so that a page is one statement.
    const newest = new Map<string, ProjectedRow>();
    for (const event of events) {
      const row = rows.add(event);
      if (row) newest.set(event.stream, row);
    }
    if (newest.size > 0) await upsert(client, table, [...newest.values()]);
    position = events.length < PAGE ? head : Number(events.at(-1)!.position);
  }
  return position;
}

async function upsert(client: pg.ClientBase, table: string, rows: readonly ProjectedRow[]): Promise<void> {
  await client.query(`delete from ${table} where stream = any ($1)`, [rows.map((row) => row.stream)]);
  // Element by element as json text, so that `record` keeps the bytes that the append would have written.
  await client.query(
    `insert into ${table}
     select d.* from unnest($1::json[]) as u(content) cross join lateral json_populate_record(null::${table}, u.content) d`,
    [rows.map((row) => JSON.stringify(row))],
  );
}

async function headOf(client: pg.ClientBase): Promise<number> {
  const { rows } = await client.query<{ head: string | number }>(
    'select coalesce(max(position), 0) as head from events',
  );
  return Number(rows[0]?.head ?? 0);
}
