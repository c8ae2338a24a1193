import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTestCluster, type TestCluster } from '../../../../test/support/postgres.js';

describe('a cluster', () => {
  let cluster: TestCluster;

  beforeEach(async () => {
    cluster = await startTestCluster();
  });

  afterEach(async () => {
    await cluster.destroy();
  });

  async function query(text: string): Promise<unknown[]> {
    const client = new pg.Client({ connectionString: cluster.url });
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(text)).rows;
    } finally {
      await client.end();
    }
  }

  it('writes through to the disk, and has what was committed after kill -9', async () => {
    expect(await query('show fsync')).toEqual([{ fsync: 'on' }]);
    await query('create table things as select 1 as id');
    await cluster.kill();
    await cluster.start();
    expect(await query('select id from things')).toEqual([{ id: 1 }]);
  });

  it('is UTF-8 and sorts by code point, whatever the machine speaks', async () => {
    expect(
      await query(
        `select string_agg(word, '' order by word) as words from unnest(array['é', 'b', 'Z', 'a']) word`,
      ),
    ).toEqual([{ words: 'Zabé' }]);
    expect(await query(`select lower('É') as lower, current_setting('timezone') as timezone`)).toEqual([
      { lower: 'é', timezone: 'UTC' },
    ]);
  });

  it('lets nobody in without the password', async () => {
    const url = new URL(cluster.url);
    url.password = 'wrong';
    await expect(new pg.Client({ connectionString: url.href }).connect()).rejects.toMatchObject({
      code: '28P01',
    });
  });
});
