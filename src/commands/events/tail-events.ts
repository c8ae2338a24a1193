import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import type { CommittedEvent } from '../../platform/event-log/event-reader.js';

const POLL_MS = 500;
const PAGE = 500;

/** Which events somebody wants to see; what is undefined or empty does not matter. */
export interface EventFilter {
  readonly realm: string | undefined;
  readonly stream: string | undefined;
  readonly types: readonly string[];
}

/**
 * The events after a position, in order, and with `follow` whatever comes next, until the signal ends it.
 *
 * @param after the last position the reader has
 */
export async function* tailEvents(
  client: pg.ClientBase,
  after: number,
  filter: EventFilter,
  follow: boolean,
  signal: AbortSignal,
): AsyncGenerator<CommittedEvent> {
  let position = after;
  while (!signal.aborted) {
    const head = await headOf(client);
    while (position < head && !signal.aborted) {
      const page = await read(client, position, head, filter);
      yield* page;
      position = page.length < PAGE ? head : page.at(-1)!.position;
    }
    if (!follow) return;
    await delay(POLL_MS, undefined, { signal }).catch(() => undefined);
  }
}

/** The position of the newest event; 0 for an empty log. */
export async function headOf(client: pg.ClientBase): Promise<number> {
  const { rows } = await client.query<{ head: string }>(
    'select coalesce(max(position), 0) as head from events',
  );
  return Number(rows[0]?.head ?? 0);
}

async function read(
  client: pg.ClientBase,
  after: number,
  until: number,
  { realm, stream, types }: EventFilter,
): Promise<CommittedEvent[]> {
  const { rows } = await client.query<Omit<CommittedEvent, 'position'> & { position: string }>(
    `select position, event_id, stream, version, type, realm, recorded_at, body from events
     where position > $1 and position <= $2 and ($3::text is null or realm = $3)
       and ($4::text is null or stream = $4) and (cardinality($5::text[]) = 0 or type = any ($5))
     order by position limit ${PAGE}`,
    [after, until, realm ?? null, stream ?? null, types],
  );
  return rows.map((row) => ({ ...row, position: Number(row.position) }));
}
