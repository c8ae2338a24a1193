import type { Pool } from 'pg';

/** Counting may take at most a twentieth of the time. */
const MOST_SHARE = 0.05;
const REFRESH_MS = 1_000;
/** Housekeeping makes room once a minute. */
const RETRY_AFTER_SECONDS = 60;

/** Live clients without a token behind them, a use or a person who approved them; never more than the limit is counted. */
const unusedClients = {
  name: 'unused_anonymous_clients',
  text: `select count(*)::int as clients from (
      select from client_directory client
      where realm = $1 and status in ('pending', 'active') and channel = 'dynamic'
        and (expires_at is null or expires_at > now())
        and record ->> 'initial_access_token' is null
        and coalesce(record -> 'obligations' ->> 'trust', 'untrusted') = 'untrusted'
        and not exists (select from client_usage used where used.realm = client.realm and used.client_id = client.client_id)
      limit $2) counted`,
};

interface Count {
  clients: number;
  readonly until: number;
}

/**
 * How many clients that nobody has used may be there per realm (threat D2). The count is about a second old, or older where
 * counting takes long, and goes up with every registration here meanwhile; no request waits for it.
 */
export class RegistrationCapacity {
  private readonly counts = new Map<string, Count>();
  private readonly counting = new Map<string, Promise<void>>();

  /** @param most null = as many as come */
  constructor(
    private readonly pool: Pool,
    private readonly most: number | null,
  ) {}

  /** In seconds; 0 = there is room, and the caller takes it. */
  retryAfter(realm: string): number {
    if (this.most === null) return 0;
    const count = this.counts.get(realm);
    if (!count || count.until <= performance.now()) void this.refresh(realm);
    if (!count) return 0;
    if (count.clients >= this.most) return RETRY_AFTER_SECONDS;
    count.clients += 1;
    return 0;
  }

  /** Counts anew unless it is being done; never rejects. Where the database does not answer the last count stays. */
  refresh(realm: string): Promise<void> {
    const running = this.counting.get(realm);
    if (running) return running;
    const counting = this.count(realm)
      .catch(() => undefined)
      .finally(() => this.counting.delete(realm));
    this.counting.set(realm, counting);
    return counting;
  }

  private async count(realm: string): Promise<void> {
    const begun = performance.now();
    const { rows } = await this.pool.query<{ clients: number }>({
      ...unusedClients,
      values: [realm, this.most],
    });
    const ended = performance.now();
    this.counts.set(realm, {
      clients: rows[0]!.clients,
      until: ended + Math.max(REFRESH_MS, (ended - begun) / MOST_SHARE),
    });
  }
}
