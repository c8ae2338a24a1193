import { Inject, Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type pg from 'pg';
import { POOL } from '../../../platform/database/pool.js';

const EVERY_MS = 10 * 60 * 1000;

/**
 * How long a key stays after another took its place: longer than anything it signed is good for. Access tokens live 15
 * minutes at most, a request that waits for approval a week.
 */
const RETIRED_KEYS: Readonly<Record<string, string>> = { signing_keys: '1 hour', cookie_keys: '8 days' };

/** So many rows a statement: a long delete would hold back everything else. */
const BATCH = 5_000;

/** Removes what has expired. Nobody depends on it: expired rows count for nothing where they are read. */
@Injectable()
export class ExpiredRows implements OnModuleInit, OnModuleDestroy {
  private readonly logger = new Logger('Authorization');
  private timer: NodeJS.Timeout | undefined;

  constructor(@Inject(POOL) private readonly pool: pg.Pool) {}

  onModuleInit(): void {
    this.timer = setInterval(() => {
      this.remove().catch((error: unknown) =>
        this.logger.warn(`expired rows stay for now: ${String(error)}`),
      );
    }, EVERY_MS).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  /** @returns how many rows were removed */
  async remove(): Promise<number> {
    let removed = 0;
    for (const table of ['oauth_models', 'revoked_tokens']) {
      let batch: number;
      do {
        const result = await this.pool.query(
          `delete from ${table} where ctid = any (array(
             select ctid from ${table} where expires_at < now() limit ${BATCH} for update skip locked))`,
        );
        batch = result.rowCount ?? 0;
        removed += batch;
      } while (batch === BATCH);
    }
    for (const [table, stay] of Object.entries(RETIRED_KEYS)) {
      const result = await this.pool.query(`delete from ${table} where retired_at < now() - $1::interval`, [
        stay,
      ]);
      removed += result.rowCount ?? 0;
    }
    return removed;
  }
}
