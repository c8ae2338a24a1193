import type pg from 'pg';
import type { CommittedEvent } from './event-reader.js';

/** An event with what its chain hangs on. */
export interface ChainedEvent extends CommittedEvent {
  /** SHA-256 of the stored bytes of the stream's previous event, base64url; null when there is none. */
  readonly previousHash: string | null;
}

const PAGE = 2_000;

/**
 * Reads a stretch of the log in pages, each event with the hash of its predecessor as it lies in the log now: the database
 * looks it up, so that the memory needed does not grow with the number of streams. The next page is asked for while the
 * caller works on this one.
 *
 * @param after the last position the reader has; 0 to begin
 * @param until the last position that is read
 */
export async function* chainedEvents(
  client: pg.ClientBase,
  after: number,
  until: number,
): AsyncGenerator<readonly ChainedEvent[]> {
  let next = readPage(client, after, until);
  for (;;) {
    const page = await next;
    const last = page.at(-1);
    if (last === undefined) return;
    next = readPage(client, last.position, until);
    // Whoever stops reading before the end does not wait for what was asked ahead.
    next.catch(() => undefined);
    yield page;
  }
}

async function readPage(client: pg.ClientBase, after: number, until: number): Promise<ChainedEvent[]> {
  const { rows } = await client.query<Omit<ChainedEvent, 'position' | 'previousHash'> & Unread>({
    name: 'chained_events',
    text: `select e.position, e.event_id, e.stream, e.version, e.type, e.realm, e.recorded_at, e.body,
             case when e.version > 1 then
               (select sha256(p.body) from events p where p.stream = e.stream and p.version = e.version - 1)
             end as previous
           from events e where e.position > $1 and e.position <= $2 order by e.position limit ${PAGE}`,
    values: [after, until],
  });
  return rows.map(({ position, previous, ...event }) => ({
    ...event,
    position: Number(position),
    previousHash: previous?.toString('base64url') ?? null,
  }));
}

interface Unread {
  readonly position: string | number;
  readonly previous: Buffer | null;
}
