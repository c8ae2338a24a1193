import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/support/postgres.js';
import { RelayLease } from './relay-lease.js';

describe('the relay lease', () => {
  let database: TestDatabase;
  const leaseOf = (holder: string, duration = 60_000) => new RelayLease(database.pool, holder, duration);

  beforeEach(async () => {
    database = await createTestDatabase();
  });
  afterEach(async () => {
    await database.drop();
  });

  it('goes to exactly one of many that ask at once', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => leaseOf(`relay-${n}`).acquire()));
    const held = answers.filter((lease) => lease !== undefined);
    expect(held).toMatchObject([{ epoch: 1, cursor: 0 }]);
  });

  it('is refused to everybody while it lasts, its holder included', async () => {
    await leaseOf('a').acquire();
    expect(await leaseOf('b').acquire()).toBeUndefined();
    expect(await leaseOf('a').acquire()).toBeUndefined();
  });

  it('is valid for its duration, counted from before the database was asked', async () => {
    const before = performance.now();
    const lease = await leaseOf('a', 9_000).acquire();
    expect(lease!.validUntil - before).toBeGreaterThanOrEqual(9_000);
    expect(lease!.validUntil).toBeLessThanOrEqual(performance.now() + 9_000);
    expect(lease!.renewAt).toBeLessThan(lease!.validUntil);
  });

  it('can be taken when it has run out, under a higher epoch and with the cursor where it was', async () => {
    const first = await leaseOf('a', 1).acquire();
    await leaseOf('a', 1).advance(first!, 42);
    const second = await vi.waitFor(async () => {
      const lease = await leaseOf('b').acquire();
      expect(lease).toBeDefined();
      return lease;
    });
    expect(second).toMatchObject({ epoch: 2, cursor: 42 });
  });

  it('is prolonged by moving the cursor', async () => {
    const a = leaseOf('a', 1);
    const lease = await a.acquire();
    await leaseOf('a', 60_000).advance(lease!, 1);
    expect(await leaseOf('b').acquire()).toBeUndefined();
  });

  it('can be taken at once when it was given back', async () => {
    const a = leaseOf('a');
    await a.release((await a.acquire())!);
    expect(await leaseOf('b').acquire()).toMatchObject({ epoch: 2 });
  });

  it('I14 is fenced: a former holder moves no cursor and gives nothing back', async () => {
    const a = leaseOf('a');
    const former = (await a.acquire())!;
    await a.release(former);
    const b = leaseOf('b');
    const present = await b.acquire();
    expect(await a.advance(former, 99)).toBeUndefined();
    await a.release(former);
    expect(await leaseOf('c').acquire()).toBeUndefined();
    expect(await b.cursor()).toBe(0);
    expect(await b.advance(present!, 5)).toMatchObject({ epoch: 2, cursor: 5 });
  });

  it('never moves the cursor back', async () => {
    const a = leaseOf('a');
    const lease = (await a.acquire())!;
    await a.advance(lease, 10);
    await a.advance(lease, 3);
    expect(await a.cursor()).toBe(10);
  });
});
