import { hostname } from 'node:os';
import type pg from 'pg';
import { inlineProjections } from '../../application/directory/inline-projections.js';
import type { AppendCall } from '../../platform/event-log/append-call.js';
import { EventLog } from '../../platform/event-log/event-log.js';

const MOST_ATTEMPTS = 5;

/**
 * Changes rows and records it, both or neither. An attempt whose append loses against somebody else's is rolled back and
 * made again.
 *
 * @param attempt works on the transaction's connection; answers the append that records what it did, and its result
 */
export async function recordingInTransaction<Result>(
  pool: pg.Pool,
  attempt: (client: pg.PoolClient) => Promise<{ readonly call: AppendCall; readonly result: Result }>,
): Promise<Result> {
  const client = await pool.connect();
  try {
    for (let attempts = 1; ; attempts += 1) {
      await client.query('begin');
      const { call, result } = await attempt(client);
      const log = new EventLog({
        // All it asks of a pool is to run a statement, unless a write can be decided again: none of these can.
        pool: client as unknown as pg.Pool,
        projections: inlineProjections,
        recordedBy: `${hostname()}-command`,
      });
      const appended = await log.append(call);
      if (appended.committed) {
        await client.query('commit');
        return result;
      }
      await client.query('rollback');
      if (attempts === MOST_ATTEMPTS) throw new Error('other changes went first every time; try again');
    }
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  } finally {
    client.release();
  }
}
