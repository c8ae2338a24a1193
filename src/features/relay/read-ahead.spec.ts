import { describe, expect, it } from 'vitest';
import { aCommittedEvent } from '../../../test/support/kafka-events.js';
import { EventReader, type CommittedEvent } from '../../platform/event-log/event-reader.js';
import { ReadAhead } from './read-ahead.js';

class GrowingLog extends EventReader {
  length = 0;
  failing = false;
  readonly reads: number[] = [];

  override async readAfter(after: number, limit: number): Promise<readonly CommittedEvent[]> {
    this.reads.push(after);
    if (this.failing) throw new Error('the database is away');
    const count = Math.max(0, Math.min(limit, this.length - after));
    return Array.from({ length: count }, (_, index) => aCommittedEvent(after + index + 1));
  }
  override async head() {
    return this.length;
  }
}

const positions = (events: readonly CommittedEvent[]) => events.map(({ position }) => position);

describe('reading ahead', () => {
  it('reads the next page while the present one is used', async () => {
    const log = new GrowingLog();
    log.length = 5;
    const ahead = new ReadAhead(log, 2);
    expect(positions(await ahead.after(0))).toEqual([1, 2]);
    expect(log.reads).toEqual([0, 2]);
    expect(positions(await ahead.after(2))).toEqual([3, 4]);
    expect(positions(await ahead.after(4))).toEqual([5]);
    expect(log.reads).toEqual([0, 2, 4]);
  });

  it('hands out the rest of a page of which only the beginning was used, without reading it again', async () => {
    const log = new GrowingLog();
    log.length = 3;
    const ahead = new ReadAhead(log, 10);
    await ahead.after(0);
    expect(positions(await ahead.after(1))).toEqual([2, 3]);
    expect(log.reads).toEqual([0]);
  });

  it('sees what was appended after the log was read to its end', async () => {
    const log = new GrowingLog();
    const ahead = new ReadAhead(log, 2);
    expect(await ahead.after(0)).toEqual([]);
    log.length = 1;
    expect(positions(await ahead.after(0))).toEqual([1]);
  });

  it('follows a cursor that jumps, forwards or back', async () => {
    const log = new GrowingLog();
    log.length = 9;
    const ahead = new ReadAhead(log, 2);
    await ahead.after(0);
    expect(positions(await ahead.after(6))).toEqual([7, 8]);
    expect(positions(await ahead.after(2))).toEqual([3, 4]);
  });

  it('tells a failure to whoever asks, and reads again afterwards', async () => {
    const log = new GrowingLog();
    log.length = 4;
    const ahead = new ReadAhead(log, 2);
    const first = ahead.after(0);
    log.failing = true;
    expect(positions(await first)).toEqual([1, 2]);
    await expect(ahead.after(2)).rejects.toThrow('away');
    log.failing = false;
    expect(positions(await ahead.after(2))).toEqual([3, 4]);
  });
});
