import { describe, expect, it } from 'vitest';
import { aCommittedEvent } from '../../../test/support/kafka-events.js';
import { Clock } from '../../platform/clock.js';
import { EventReader } from '../../platform/event-log/event-reader.js';
import { LagProbe } from './lag-probe.js';

class LogOfThree extends EventReader {
  override async readAfter(after: number, limit: number) {
    return [1, 2, 3]
      .filter((position) => position > after)
      .slice(0, limit)
      .map((position) => ({ ...aCommittedEvent(position), recorded_at: new Date(position * 1000) }));
  }
  override async head() {
    return 3;
  }
}

class StoppedClock extends Clock {
  override now() {
    return 10_000;
  }
}

describe('the lag', () => {
  it('is nothing before anything was measured', () => {
    expect(new LagProbe(new LogOfThree(), new StoppedClock()).lag(0)).toEqual({
      lagEvents: 0,
      lagSeconds: 0,
    });
  });

  it('counts the events after the cursor and the age of the oldest of them', async () => {
    const probe = new LagProbe(new LogOfThree(), new StoppedClock());
    await probe.measure(1);
    expect(probe.lag(1)).toEqual({ lagEvents: 2, lagSeconds: 8 });
  });

  it('shrinks with the cursor between two measurements', async () => {
    const probe = new LagProbe(new LogOfThree(), new StoppedClock());
    await probe.measure(1);
    expect(probe.lag(2).lagEvents).toBe(1);
    expect(probe.lag(3)).toEqual({ lagEvents: 0, lagSeconds: 0 });
  });

  it('is never negative when the database clock is ahead', async () => {
    const probe = new LagProbe(new LogOfThree(), { now: () => 0 });
    await probe.measure(0);
    expect(probe.lag(0).lagSeconds).toBe(0);
  });
});
