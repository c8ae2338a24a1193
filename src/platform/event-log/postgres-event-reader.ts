import type { Pool } from 'pg';
import { EventReader, type CommittedEvent } from './event-reader.js';

interface EventRow extends Omit<CommittedEvent, 'position'> {
  readonly position: string;
}

/** Reads the events table. Positions are gapless and in commit order, so a plain `position >` misses nothing. */
export class PostgresEventReader extends EventReader {
  constructor(private readonly pool: Pool) {
    super();
  }

  async readAfter(after: number, limit: number): Promise<readonly CommittedEvent[]> {
    const answer = await this.pool.query<EventRow>({
      name: 'events_after',
      text: `select position, event_id, stream, version, type, realm, recorded_at, body
             from events where position > $1 order by position limit $2`,
      values: [after, limit],
    });
    return answer.rows.map((row) => ({ ...row, position: Number(row.position) }));
  }

  /** The events of one stream, oldest first. */
  async readStream(stream: string): Promise<readonly CommittedEvent[]> {
    const answer = await this.pool.query<EventRow>({
      name: 'events_of_stream',
      text: `select position, event_id, stream, version, type, realm, recorded_at, body
             from events where stream = $1 order by version`,
      values: [stream],
    });
    return answer.rows.map((row) => ({ ...row, position: Number(row.position) }));
  }

  async head(): Promise<number> {
    const answer = await this.pool.query<{ head: string }>({
      name: 'events_head',
      text: 'select coalesce(max(position), 0) as head from events',
    });
    return Number(answer.rows[0]?.head ?? 0);
  }
}
