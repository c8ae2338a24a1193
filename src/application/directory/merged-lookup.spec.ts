import { describe, expect, test } from 'vitest';
import { deferred, type Deferred } from '../../../test/support/deferred.js';
import { MergedLookup } from './merged-lookup.js';

type Answer = ReadonlyMap<string, string>;

/** A lookup whose queries the test answers one by one. */
function aLookup() {
  const queries: (Deferred<Answer> & { readonly keys: readonly string[] })[] = [];
  const arrivals: (() => void)[] = [];
  const lookup = new MergedLookup<string>((keys) => {
    const answer = deferred<Answer>();
    queries.push({ keys, ...answer });
    arrivals.splice(0).forEach((arrive) => arrive());
    return answer.promise;
  });
  /** The n-th query, once it was sent. */
  const query = async (n: number) => {
    while (queries.length <= n) await new Promise<void>((resolve) => arrivals.push(resolve));
    return queries[n]!;
  };
  return { lookup, query, queries };
}

const valuesOf = (keys: readonly string[], suffix = ''): Answer =>
  new Map(keys.map((key) => [key, `${key}${suffix}`]));

describe('lookups', () => {
  test('that arrive together are one query, and each gets its own answer', async () => {
    const { lookup, query, queries } = aLookup();
    const found = Promise.all(['a', 'b', 'c'].map((key) => lookup.find(key)));
    const { keys, resolve } = await query(0);
    expect(keys).toEqual(['a', 'b', 'c']);
    resolve(new Map([...valuesOf(['c', 'a']), ['x', 'not asked for']]));
    expect(await found).toEqual(['a', undefined, 'c']);
    expect(queries).toHaveLength(1);
  });

  test('for one key ask for it once and share the answer', async () => {
    const { lookup, query } = aLookup();
    const found = Promise.all(['a', 'a', 'b', 'a'].map((key) => lookup.find(key)));
    const { keys, resolve } = await query(0);
    expect(keys).toEqual(['a', 'b']);
    resolve(valuesOf(keys));
    expect(await found).toEqual(['a', 'a', 'b', 'a']);
  });

  test('that arrive while a query is in flight are answered by the next, the same key too', async () => {
    const { lookup, query, queries } = aLookup();
    const early = lookup.find('a');
    const first = await query(0);
    const late = Promise.all([lookup.find('a'), lookup.find('b')]);
    expect(queries).toHaveLength(1);
    first.resolve(valuesOf(first.keys, ' before'));
    expect(await early).toBe('a before');
    const second = await query(1);
    expect(second.keys).toEqual(['a', 'b']);
    second.resolve(valuesOf(second.keys, ' after'));
    expect(await late).toEqual(['a after', 'b after']);
    expect(queries).toHaveLength(2);
  });

  test('that arrive from the callers of an answered query are answered as well', async () => {
    const { lookup, query } = aLookup();
    const twice = lookup.find('a').then(() => lookup.find('b'));
    const first = await query(0);
    first.resolve(valuesOf(first.keys));
    const second = await query(1);
    second.resolve(valuesOf(second.keys));
    expect(await twice).toBe('b');
  });

  test('after a quiet time start again', async () => {
    const { lookup, query } = aLookup();
    for (const [n, key] of ['a', 'b', 'c'].entries()) {
      const found = lookup.find(key);
      const { keys, resolve } = await query(n);
      resolve(valuesOf(keys));
      expect(await found).toBe(key);
    }
  });
});

describe('a query that fails', () => {
  test('fails exactly the lookups that it was for', async () => {
    const { lookup, query } = aLookup();
    const failing = Promise.allSettled([lookup.find('a'), lookup.find('b'), lookup.find('a')]);
    const first = await query(0);
    const waiting = lookup.find('a');
    const gone = new Error('the database is gone');
    first.reject(gone);
    expect(await failing).toEqual(Array.from({ length: 3 }, () => ({ status: 'rejected', reason: gone })));
    const second = await query(1);
    second.resolve(valuesOf(second.keys));
    expect(await waiting).toBe('a');
  });

  test('before it was even sent fails its lookups, and the next one goes on', async () => {
    let broken = true;
    const lookup = new MergedLookup<string>((keys) => {
      if (broken) throw new Error('no connection');
      return Promise.resolve(valuesOf(keys));
    });
    await expect(lookup.find('a')).rejects.toThrow('no connection');
    broken = false;
    expect(await lookup.find('a')).toBe('a');
  });
});
