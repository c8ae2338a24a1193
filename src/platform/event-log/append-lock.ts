import type { Pool, PoolClient } from 'pg';

/** The advisory lock that every append holds until its commit. Whoever holds it sees the end of the log stand still. */
export const APPEND_LOCK = 4_842_001;

/**
 * Waits as long as `append_events` does. Whoever stops between two statements loses the lock sooner than that, so that those
 * who wait get it.
 */
const begin = `
  begin;
  set local lock_timeout = '2s';
  set local idle_in_transaction_session_timeout = '1s';
  select pg_advisory_xact_lock(${APPEND_LOCK})`;

/**
 * Runs in a transaction in which nobody else appends. Everybody waits for it: nothing but a few statements belongs here.
 *
 * @param work appends or reads through the client that it gets
 */
export async function holdingAppendLock<Result>(
  pool: Pool,
  work: (client: PoolClient) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect();
  // A connection that breaks between two statements says so here, and again by the next statement.
  const ignore = () => undefined;
  client.on('error', ignore);
  let broken: Error | undefined;
  try {
    await client.query(begin);
    const result = await work(client);
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch((failure: Error) => (broken = failure));
    throw error;
  } finally {
    client.off('error', ignore);
    client.release(broken);
  }
}
