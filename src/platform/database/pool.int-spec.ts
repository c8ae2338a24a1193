import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/support/postgres.js';
import { createPool } from './pool.js';

describe('a pool', () => {
  let database: TestDatabase;

  beforeEach(async () => {
    database = await createTestDatabase({ migrate: false });
  });

  afterEach(async () => {
    await database.drop();
  });

  async function terminate(applicationName: string): Promise<number> {
    const { rowCount } = await database.pool.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1',
      [applicationName],
    );
    return rowCount ?? 0;
  }

  it('goes on after the server dropped an idle connection, and reports it', async () => {
    let report: (error: Error) => void;
    const reported = new Promise<Error>((resolve) => (report = resolve));
    const pool = createPool(database.url, {
      applicationName: 'idle',
      size: 1,
      onIdleError: (error) => report(error),
    });
    await pool.query('select 1');
    expect(await terminate('idle')).toBe(1);
    expect((await reported).message).toMatch(/terminat/);
    expect((await pool.query('select 2 as value')).rows).toEqual([{ value: 2 }]);
    await pool.end();
  });

  it('goes on after the server dropped a connection in the middle of a query', async () => {
    const pool = createPool(database.url, { applicationName: 'busy', size: 1 });
    await pool.query('select 1');
    const outcome = pool.query('select pg_sleep(20)').then(
      () => 'finished',
      (error: Error) => error.message,
    );
    expect(await terminate('busy')).toBe(1);
    expect(await outcome).toMatch(/terminat/);
    expect((await pool.query('select 3 as value')).rows).toEqual([{ value: 3 }]);
    await pool.end();
  });

  it('has the server cancel a statement that takes too long', async () => {
    const pool = createPool(database.url, { statementTimeout: 50 });
    await expect(pool.query('select pg_sleep(20)')).rejects.toMatchObject({ code: '57014' });
    await pool.end();
  });

  it('gives a server up that does not answer at all, and goes on with the next connection', async () => {
    const { hostname, port } = new URL(database.url);
    const sockets: Socket[] = [];
    const proxy = createServer((socket) => {
      sockets.push(socket);
      socket.pipe(connect(Number(port), hostname)).pipe(socket);
    }).listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    const url = new URL(database.url);
    url.port = String((proxy.address() as AddressInfo).port);
    const pool = createPool(url.href, { statementTimeout: 50, size: 1 });
    await pool.query('select 1');
    sockets[0]!.unpipe();
    await expect(pool.query('select 2')).rejects.toThrow(/timeout/);
    expect((await pool.query('select 3 as value')).rows).toEqual([{ value: 3 }]);
    await pool.end();
    for (const socket of sockets) socket.destroy();
    proxy.close();
  });

  it('reads bigint as a number, and refuses one that a number cannot hold', async () => {
    const { rows } = await database.pool.query(
      'select 9007199254740991::bigint as largest, null::bigint as none',
    );
    expect(rows).toEqual([{ largest: Number.MAX_SAFE_INTEGER, none: null }]);
    await expect(database.pool.query('select 9007199254740993::bigint')).rejects.toThrow(RangeError);
  });
});
