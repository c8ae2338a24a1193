import type { PoolClient } from 'pg';
import { streamType } from '../../contract/streams.js';
import type { StreamHead, Write } from './append-call.js';
import type { InlineProjection } from './inline-projection.js';

const MOST_STREAMS = 1_000;

/**
 * Where the streams that many requests use at once were seen last, so that a write that was decided on an older head is
 * decided again before it is sent instead of after it lost. A hint and nothing more: the version check of the append is the
 * truth, and an entry that is missing or behind costs a conflict.
 */
export class KnownHeads {
  /** In the order in which they were learned, the oldest first. */
  private readonly heads = new Map<string, StreamHead>();

  /** The head to build a write on: the one it was decided on, or a newer one if the write can be decided again. */
  newestFor({ stream, head, rebase }: Write): StreamHead | undefined {
    const known = rebase && this.heads.get(stream);
    return known && head && known.version > head.version ? known : head;
  }

  /** Remembers what was read or committed, also where it is behind what was known. */
  learn(stream: string, head: StreamHead): void {
    this.heads.delete(stream);
    this.heads.set(stream, head);
    if (this.heads.size > MOST_STREAMS) this.heads.delete(this.heads.keys().next().value!);
  }

  /** Forgets everything: after a failure nobody knows what was committed, or whether this is still the same server. */
  clear(): void {
    this.heads.clear();
  }

  /** Learns where projected streams stand now. Streams without a row stay as they are. */
  async read(
    client: PoolClient,
    projections: ReadonlyMap<string, InlineProjection>,
    streams: readonly string[],
  ): Promise<void> {
    for (const [type, { table }] of projections) {
      const wanted = streams.filter((stream) => streamType(stream) === type);
      if (wanted.length === 0) continue;
      const { rows } = await client.query<{ stream: string; version: number; hash: string; record: unknown }>(
        `select stream, version, hash, record from ${table} where stream = any ($1)`,
        [wanted],
      );
      for (const { stream, version, hash, record } of rows) {
        this.learn(stream, { version, hash, state: record });
      }
    }
  }
}
