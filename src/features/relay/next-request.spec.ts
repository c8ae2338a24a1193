import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aCommittedEvent } from '../../../test/support/kafka-events.js';
import type { CommittedEvent } from '../../platform/event-log/event-reader.js';
import { GapInLog, nextRequest } from './next-request.js';

function pageOf(after: number, sizes: readonly number[]): CommittedEvent[] {
  const template = aCommittedEvent(1);
  return sizes.map((size, index) => ({ ...template, position: after + index + 1, body: Buffer.alloc(size) }));
}

describe('the next request', () => {
  it('takes an empty page as nothing to send', () => {
    expect(nextRequest(5, [])).toEqual([]);
  });

  it('always makes progress, keeps the order, and stays within the limit from two events on', () => {
    const limit = 10_000;
    fc.assert(
      fc.property(
        fc.nat(1_000_000),
        fc.array(fc.nat(20_000), { minLength: 1, maxLength: 40 }),
        (cursor, sizes) => {
          const page = pageOf(cursor, sizes);
          const request = nextRequest(cursor, page, limit);
          expect(request.length).toBeGreaterThan(0);
          expect(request).toEqual(page.slice(0, request.length));
          const bytes = request.reduce((sum, { body }) => sum + body.length, 0);
          expect(request.length === 1 || bytes <= limit).toBe(true);
        },
      ),
    );
  });

  it('takes a whole page of ordinary events', () => {
    const page = pageOf(
      0,
      Array.from({ length: 500 }, () => 1_100),
    );
    expect(nextRequest(0, page)).toHaveLength(500);
  });

  it('I5 refuses to go on when an event is missing, at the beginning or within', () => {
    const page = pageOf(10, [1, 1, 1]);
    expect(() => nextRequest(9, page)).toThrow(GapInLog);
    expect(() => nextRequest(10, [page[0]!, page[2]!])).toThrow('position 11');
  });
});
