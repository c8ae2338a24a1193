import type { Pool } from 'pg';
import type { MasterKey } from '../crypto/master-key.js';
import type { TokenBuckets } from './token-buckets.js';

/** In one statement. Who uses less than a thousand others is far from any limit. */
const MOST_KEYS = 1_000;

/** Each instance adds what it counted and reads what all counted. Sorted, so that two of them never lock crosswise. */
const exchange = {
  name: 'rate_limits_exchange',
  text: `insert into rate_limits as known (key, empty_at)
    select key, now() + make_interval(secs => taken / 1000)
    from unnest($1::bytea[], $2::float8[]) as mine (key, taken) order by key
    on conflict (key) do update
      set empty_at = greatest(known.empty_at, now()) + (excluded.empty_at - now())
    returning key, extract(epoch from empty_at - now())::float8 * 1000 as debt`,
};

/**
 * Shares token buckets among the instances, so that a limit holds for all of them together, a second late. Keys may hold
 * addresses and leave the process as keyed digests only. Nothing waits for it, and without the database every instance goes
 * on with what it knows.
 */
export class LimitExchange {
  constructor(
    private readonly pool: Pool,
    private readonly masterKey: MasterKey,
    private readonly buckets: TokenBuckets,
  ) {}

  /**
   * One round; no statement when nothing was counted.
   *
   * @throws what the database throws; what was counted in this round is then known to this instance only
   */
  async run(): Promise<void> {
    const mine = this.buckets.taken(MOST_KEYS);
    if (mine.length === 0) return;
    const digests = mine.map(({ key }) => this.masterKey.digest('rate-limits', key).subarray(0, 16));
    const { rows } = await this.pool.query<{ key: Buffer; debt: number }>({
      ...exchange,
      values: [digests, mine.map(({ taken }) => taken)],
    });
    const keys = new Map(mine.map(({ key }, index) => [digests[index]!.toString('base64'), key]));
    const now = performance.now();
    for (const { key, debt } of rows) this.buckets.learn(keys.get(key.toString('base64'))!, debt, now);
  }

  /** Removes what counts for nothing any more. */
  async forget(): Promise<void> {
    await this.pool.query('delete from rate_limits where empty_at < now()');
  }
}
