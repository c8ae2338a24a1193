import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deferred } from '../../../test/support/deferred.js';
import { createTestDatabase, type TestDatabase } from '../../../test/support/postgres.js';
import { createPool } from '../database/pool.js';
import { APPEND_LOCK, holdingAppendLock } from './append-lock.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  await database.pool.query('create table notes (note text)');
});
afterAll(() => database.drop());

const notes = async () =>
  (await database.pool.query<{ note: string }>('select note from notes')).rows.map((row) => row.note);

const connectionLost = /connection/i;

describe('work that holds the append lock', () => {
  test('is committed, and gives the lock back', async () => {
    for (const note of ['first', 'second']) {
      const pool = createPool(database.url, { size: 1 });
      await holdingAppendLock(pool, (client) => client.query('insert into notes values ($1)', [note]));
      await pool.end();
    }
    expect(await notes()).toEqual(['first', 'second']);
  });

  test('changes nothing when it fails, and the connection goes on', async () => {
    const pool = createPool(database.url, { size: 1 });
    const failing = holdingAppendLock(pool, async (client) => {
      await client.query(`insert into notes values ('never')`);
      throw new Error('changed its mind');
    });
    await expect(failing).rejects.toThrow('changed its mind');
    await holdingAppendLock(pool, (client) => client.query('select'));
    await pool.end();
    expect(await notes()).not.toContain('never');
  });

  test('fails with its connection, and the next one gets another', async () => {
    const pool = createPool(database.url, { size: 1 });
    const failing = holdingAppendLock(pool, async (client) => {
      const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
      const ended = new Promise((resolve) => client.once('end', resolve));
      await database.pool.query('select pg_terminate_backend($1)', [rows[0]!.pid]);
      await ended;
      await client.query('select');
    });
    await expect(failing).rejects.toThrow(connectionLost);
    await holdingAppendLock(pool, (client) => client.query('select'));
    await pool.end();
  });

  test('loses the lock when it stops between two statements, in time for whoever waits', async () => {
    const pools = [createPool(database.url, { size: 1 }), createPool(database.url, { size: 1 })] as const;
    const holding = deferred();
    const stopped = holdingAppendLock(pools[0], async (client) => {
      await client.query(`insert into notes values ('stopped')`);
      const lost = new Promise((resolve) => client.once('end', resolve));
      holding.resolve();
      await lost;
      await client.query('select');
    });
    const outcome = stopped.catch((error: Error) => error);
    await holding.promise;
    await holdingAppendLock(pools[1], (client) => client.query('select'));
    expect(await outcome).toMatchObject({ message: expect.stringMatching(connectionLost) });
    await Promise.all(pools.map((pool) => pool.end()));
    expect(await notes()).not.toContain('stopped');
  });

  test('is not begun when another holds the lock for longer than two seconds', async () => {
    const pool = createPool(database.url, { size: 1 });
    const holder = await database.pool.connect();
    await holder.query('begin');
    await holder.query('select pg_advisory_xact_lock($1)', [APPEND_LOCK]);
    await expect(holdingAppendLock(pool, (client) => client.query('select'))).rejects.toThrow('lock timeout');
    await holder.query('rollback');
    holder.release();
    await holdingAppendLock(pool, (client) => client.query('select'));
    await pool.end();
  });
});
