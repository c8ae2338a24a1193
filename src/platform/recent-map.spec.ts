import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RecentMap } from './recent-map.js';

test('holds no more than it may, and what was used last', () => {
  const map = new RecentMap<number>(10);
  fc.assert(
    fc.property(fc.array(fc.nat(30), { minLength: 5 }), (keys) => {
      for (const key of keys) {
        if (map.get(`${key}`) === undefined) map.set(`${key}`, key);
        expect(map.size).toBeLessThanOrEqual(10);
      }
      for (const key of new Set(keys.slice(-5))) expect(map.get(`${key}`)).toBe(key);
    }),
  );
});

test('forgets what was not used for long', () => {
  const map = new RecentMap<number>(10);
  map.set('first', 1);
  for (let n = 0; n < 10; n++) map.set(`${n}`, n);
  expect(map.get('first')).toBeUndefined();
});
