import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/support/postgres.js';
import { MasterKey } from '../crypto/master-key.js';
import { createPool } from '../database/pool.js';
import { LimitExchange } from './limit-exchange.js';
import { rateLimit } from './rate-limit.js';
import { TokenBuckets } from './token-buckets.js';

const masterKey = new MasterKey(Buffer.alloc(32, 7));
const rate = rateLimit(6, 10)!;

let database: TestDatabase;
let pool: ReturnType<typeof createPool>;
beforeAll(async () => {
  database = await createTestDatabase();
  pool = createPool(database.serviceUrl, { applicationName: 'test' });
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

function anInstance(): { readonly buckets: TokenBuckets; readonly exchange: LimitExchange } {
  const buckets = new TokenBuckets();
  return { buckets, exchange: new LimitExchange(pool, masterKey, buckets) };
}

const take = (buckets: TokenBuckets, key: string, times: number): void => {
  for (let n = 0; n < times; n++) buckets.take(key, rate, performance.now());
};

describe('instances that share their limits', () => {
  test('R-09 hold one limit together', async () => {
    const [one, other] = [anInstance(), anInstance()];
    take(one.buckets, 'key', 40);
    await one.exchange.run();
    take(other.buckets, 'key', 20);
    expect(other.buckets.wait('key', rate, performance.now())).toBe(0);
    await other.exchange.run();
    expect(other.buckets.wait('key', rate, performance.now())).toBeGreaterThan(0);
    expect(one.buckets.wait('key', rate, performance.now())).toBe(0);
    take(one.buckets, 'key', 1);
    await one.exchange.run();
    expect(one.buckets.wait('key', rate, performance.now())).toBeGreaterThan(0);
  });

  test('tell nobody who has only the database what they count by', async () => {
    const { buckets, exchange } = anInstance();
    take(buckets, 'address 192.0.2.1', 1);
    await exchange.run();
    const { rows } = await database.pool.query<{ key: Buffer }>('select key from rate_limits');
    expect(rows.length).toBeGreaterThan(0);
    for (const { key } of rows) {
      expect(key).toHaveLength(16);
      expect(key.toString('latin1')).not.toContain('192.0.2.1');
    }
  });

  test('never lock crosswise, and lose no count', async () => {
    const instances = Array.from({ length: 4 }, anInstance);
    for (let round = 0; round < 20; round++) {
      for (const [index, { buckets }] of instances.entries()) {
        const keys = Array.from({ length: 50 }, (_, n) => `crossing ${n}`);
        for (const key of index % 2 === 0 ? keys : keys.toReversed()) take(buckets, key, 1);
      }
      await Promise.all(instances.map(({ exchange }) => exchange.run()));
    }
    // 80 of 60 that fit: every instance that looks knows.
    for (const { buckets } of instances) {
      take(buckets, 'crossing 7', 1);
    }
    await Promise.all(instances.map(({ exchange }) => exchange.run()));
    for (const { buckets } of instances) {
      expect(buckets.wait('crossing 7', rate, performance.now())).toBeGreaterThan(190_000);
    }
  });

  test('ask the database nothing when nothing was counted', async () => {
    const { exchange } = anInstance();
    const broken = new LimitExchange(undefined as never, masterKey, new TokenBuckets());
    await expect(broken.run()).resolves.toBeUndefined();
    await expect(exchange.run()).resolves.toBeUndefined();
  });

  test('forget what counts for nothing any more, and nothing else', async () => {
    await database.pool.query(
      `insert into rate_limits values ('\\x01', now() - interval '1 second'), ('\\x02', now() + interval '1 hour')`,
    );
    await anInstance().exchange.forget();
    const { rows } = await database.pool.query<{ key: string }>(
      `select encode(key, 'hex') as key from rate_limits where length(key) = 1`,
    );
    expect(rows).toEqual([{ key: '02' }]);
  });
});
