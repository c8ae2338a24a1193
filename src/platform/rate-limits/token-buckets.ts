import { RecentMap } from '../recent-map.js';
import type { RateLimit } from './rate-limit.js';

/** A bucket takes about 150 bytes. */
const MOST_BUCKETS = 50_000;

/** What was taken under a key since somebody last asked. */
export interface Taken {
  readonly key: string;
  /** Milliseconds of the key's rate. */
  readonly taken: number;
}

interface Bucket {
  /** When everything taken is given back: the theoretical arrival time of the generic cell rate algorithm. */
  emptyAt: number;
  /** Milliseconds taken since the last exchange. */
  taken: number;
}

/**
 * Token buckets by key, in memory. There are never more than a fixed number: those that were not used for longest are
 * forgotten first, and are full again then, so that inventing keys costs others nothing but what they could have waited for.
 * Times are milliseconds of one monotonic clock.
 */
export class TokenBuckets {
  private readonly buckets: RecentMap<Bucket>;
  /** Keys with something taken since the last exchange, each once. */
  private changed: string[] = [];

  constructor(private readonly most: number = MOST_BUCKETS) {
    this.buckets = new RecentMap(most);
  }

  get size(): number {
    return this.buckets.size;
  }

  /** How long until one more is within the limit; 0 = it is now. Takes nothing: who is refused is not punished for asking. */
  wait(key: string, { interval, tolerance }: RateLimit, now: number): number {
    const bucket = this.buckets.get(key);
    if (!bucket) return 0;
    return Math.max(0, Math.max(bucket.emptyAt, now) + interval - tolerance - now);
  }

  /** Counts one. */
  take(key: string, { interval }: RateLimit, now: number): void {
    const bucket = this.bucket(key, now);
    bucket.emptyAt = Math.max(bucket.emptyAt, now) + interval;
    // What finds no place is only known here.
    if (bucket.taken === 0 && this.changed.length < this.most) this.changed.push(key);
    bucket.taken += interval;
  }

  /** What was taken since the last call, the most used keys first; the rest is nobody else's business. */
  taken(most: number): readonly Taken[] {
    const all: Taken[] = [];
    for (const key of this.changed) {
      const bucket = this.buckets.get(key);
      if (!bucket) continue;
      all.push({ key, taken: bucket.taken });
      bucket.taken = 0;
    }
    this.changed = [];
    return all.length <= most ? all : all.toSorted((a, b) => b.taken - a.taken).slice(0, most);
  }

  /**
   * Learns what everybody together took under a key.
   *
   * @param debt milliseconds until all of it is given back, what `taken` told included
   */
  learn(key: string, debt: number, now: number): void {
    const bucket = this.buckets.get(key);
    if (bucket) bucket.emptyAt = Math.max(bucket.emptyAt, now + debt + bucket.taken);
  }

  private bucket(key: string, now: number): Bucket {
    const known = this.buckets.get(key);
    if (known) return known;
    const bucket = { emptyAt: now, taken: 0 };
    this.buckets.set(key, bucket);
    return bucket;
  }
}
