import { expect, test } from 'vitest';
import { deferred } from '../../test/support/deferred.js';
import { Turns } from './turns.js';

test('work on one key runs in the order it came, one at a time, also after a failure', async () => {
  const turns = new Turns();
  const happened: string[] = [];
  const gate = deferred();
  const first = turns.take('a', async () => {
    happened.push('first begins');
    await gate.promise;
    happened.push('first ends');
    throw new Error('first failed');
  });
  const second = turns.take('a', async () => happened.push('second'));
  const third = turns.take('a', async () => happened.push('third'));
  gate.resolve();
  await expect(first).rejects.toThrow('first failed');
  await Promise.all([second, third]);
  expect(happened).toEqual(['first begins', 'first ends', 'second', 'third']);
});

test('work on another key does not wait', async () => {
  const turns = new Turns();
  const gate = deferred();
  const waiting = turns.take('a', () => gate.promise);
  await expect(turns.take('b', async () => 'done')).resolves.toBe('done');
  gate.resolve();
  await waiting;
});
