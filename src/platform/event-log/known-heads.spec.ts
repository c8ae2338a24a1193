import { describe, expect, test } from 'vitest';
import { clientDeleted } from '../../../test/support/event-builders.js';
import { streams } from '../../contract/streams.js';
import type { StreamHead, Write } from './append-call.js';
import { KnownHeads } from './known-heads.js';

const A = streams.client('default', 'c_a');
const headAt = (version: number): StreamHead => ({ version, hash: `hash-${version}`, state: {} });
const events = [clientDeleted('c_a')];
const aUse = (head: StreamHead | undefined): Write => ({ stream: A, head, events, rebase: () => events });

describe('the head that a write builds on', () => {
  const known = new KnownHeads();
  known.learn(A, headAt(5));

  test.each<[string, Write, number | undefined]>([
    ['is the known one where that is newer', aUse(headAt(4)), 5],
    ['is its own where that is as new', aUse(headAt(5)), 5],
    ['is its own where that is newer', aUse(headAt(6)), 6],
    ['is its own where the write cannot be decided again', { stream: A, head: headAt(4), events }, 4],
    ['is its own where nothing is known', { ...aUse(headAt(4)), stream: `${A}_other` }, 4],
    ['is none where the stream is to be new', aUse(undefined), undefined],
  ])('%s', (_, write, version) => {
    expect(known.newestFor(write)?.version).toBe(version);
  });

  test('is its own object when nothing newer is known, so that it is not decided again', () => {
    const head = headAt(5);
    expect(known.newestFor(aUse(head))).toBe(head);
  });
});

describe('what is known', () => {
  test('goes back when the database does', () => {
    const known = new KnownHeads();
    known.learn(A, headAt(9));
    known.learn(A, headAt(7));
    expect(known.newestFor(aUse(headAt(1)))?.version).toBe(7);
  });

  test('is forgotten after a failure', () => {
    const known = new KnownHeads();
    known.learn(A, headAt(9));
    known.clear();
    expect(known.newestFor(aUse(headAt(1)))?.version).toBe(1);
  });

  test('is a thousand streams at most, those that were learned last', () => {
    const known = new KnownHeads();
    const stream = (n: number) => streams.client('default', `c_${n}`);
    for (let n = 0; n < 1_000; n++) known.learn(stream(n), headAt(2));
    known.learn(stream(0), headAt(3));
    known.learn(stream(1_000), headAt(2));
    const versions = [0, 1, 2, 1_000].map(
      (n) => known.newestFor({ ...aUse(headAt(1)), stream: stream(n) })?.version,
    );
    expect(versions).toEqual([3, 1, 2, 2]);
  });
});
