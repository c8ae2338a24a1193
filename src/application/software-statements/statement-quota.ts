import { randomInt } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { Pool } from 'pg';
import { POOL } from '../../platform/database/pool.js';
import type { Claim } from '../../platform/event-log/append-call.js';

const KIND = 'software_statement';

/**
 * Counts how many clients one statement was used for (threat K4). A statement that is good for N has N numbered places, and
 * whoever is admitted claims one of them in the append that admits: no place is ever taken twice, so the count is exact,
 * whatever happens at the same time. Losers choose among what is left and decide again.
 */
@Injectable()
export class StatementQuota {
  constructor(@Inject(POOL) private readonly pool: Pool) {}

  /**
   * A place that nobody has taken yet; which one is left to chance, so that those who ask at once seldom want the same.
   *
   * @param identity of the statement
   * @param places how many it has
   * @returns undefined when all are taken
   */
  async freePlace(identity: string, places: number): Promise<Claim | undefined> {
    const { rows } = await this.pool.query<{ key: string }>({
      name: 'software_statement_places',
      text: 'select key from event_claims where kind = $1 and key >= $2 and key < $3',
      // The colon of the keys, and the character after it: exactly the keys of this statement.
      values: [KIND, `${identity}:`, `${identity};`],
    });
    const taken = new Set(rows.map((row) => row.key));
    const free = Array.from({ length: places }, (_, place) => `${identity}:${place}`).filter(
      (key) => !taken.has(key),
    );
    // More were taken than there are places now where an operator lowered the number.
    if (free.length === 0 || taken.size >= places) return undefined;
    return { kind: KIND, key: free[randomInt(free.length)]!, holder: identity };
  }
}
