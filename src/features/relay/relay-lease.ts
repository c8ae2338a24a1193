import type { Pool } from 'pg';

/** The row of `relay_lease` that this relay competes for. */
const NAME = 'events';

/** What the holder of the lease knows. */
export interface HeldLease {
  /** The fence: grows with every change of the holder. */
  readonly epoch: number;
  /** Position of the last event that Kafka acknowledged. */
  readonly cursor: number;
  /** Until when the lease is surely ours, by this process's monotonic clock in milliseconds. */
  readonly validUntil: number;
  /** From when on it should be renewed, by the same clock. */
  readonly renewAt: number;
}

/**
 * The lease and the cursor, in one row. Expiry goes by the database's clock; every write of the holder carries its epoch,
 * so that whoever has lost the lease without noticing, e.g. a process that was stopped for a minute, writes nothing.
 */
export class RelayLease {
  /**
   * @param pool hands out bigint as number, as `createPool` makes it do
   * @param holder names this instance to whoever reads the table
   * @param duration milliseconds until the lease of a holder that fell silent can be taken
   */
  constructor(
    private readonly pool: Pool,
    private readonly holder: string,
    private readonly duration: number,
  ) {}

  /** Takes the lease if nobody holds it. */
  async acquire(): Promise<HeldLease | undefined> {
    const asked = performance.now();
    const { rows } = await this.pool.query<{ epoch: number; cursor: number }>({
      name: 'relay_lease_acquire',
      text: `update relay_lease set epoch = epoch + 1, holder = $2, expires_at = now() + $3 * interval '1 ms'
             where name = $1 and expires_at < now() returning epoch, cursor`,
      values: [NAME, this.holder, this.duration],
    });
    return rows[0] && this.held(rows[0].epoch, rows[0].cursor, asked);
  }

  /**
   * Moves the cursor, forwards only, and renews the lease.
   *
   * @returns the renewed lease; undefined when it belongs to another epoch: nothing was written
   */
  async advance(lease: HeldLease, cursor: number): Promise<HeldLease | undefined> {
    const asked = performance.now();
    const { rowCount } = await this.pool.query({
      name: 'relay_lease_advance',
      // Not waited for on disk: what a crash of the database takes back is published again, and the epoch is safe.
      text: `with unhurried as materialized (select set_config('synchronous_commit', 'off', true))
             update relay_lease set cursor = greatest(cursor, $3), expires_at = now() + $4 * interval '1 ms'
             from unhurried where name = $1 and epoch = $2`,
      values: [NAME, lease.epoch, cursor, this.duration],
    });
    return rowCount === 1 ? this.held(lease.epoch, cursor, asked) : undefined;
  }

  /** Gives the lease back, so that another instance can take it at once. */
  async release(lease: HeldLease): Promise<void> {
    await this.pool.query({
      name: 'relay_lease_release',
      text: `update relay_lease set holder = null, expires_at = '-infinity' where name = $1 and epoch = $2`,
      values: [NAME, lease.epoch],
    });
  }

  /** How far the log has been relayed, by whomever. */
  async cursor(): Promise<number> {
    const { rows } = await this.pool.query<{ cursor: number }>({
      name: 'relay_lease_cursor',
      text: 'select cursor from relay_lease where name = $1',
      values: [NAME],
    });
    return rows[0]?.cursor ?? 0;
  }

  private held(epoch: number, cursor: number, asked: number): HeldLease {
    return { epoch, cursor, validUntil: asked + this.duration, renewAt: asked + this.duration / 3 };
  }
}
