import { describe, expect, it } from 'vitest';
import { TripSwitch } from './trip-switch.js';

function aSwitch(): { clock: { now: number }; tripSwitch: TripSwitch; changes: boolean[] } {
  const clock = { now: 0 };
  const changes: boolean[] = [];
  return {
    clock,
    changes,
    tripSwitch: new TripSwitch(
      () => clock.now,
      (tripped) => changes.push(tripped),
    ),
  };
}

function aTrippedSwitch(): ReturnType<typeof aSwitch> {
  const one = aSwitch();
  for (let count = 0; count < 3; count += 1) one.tripSwitch.timedOut();
  return one;
}

describe('a switch that has not tripped', () => {
  it('lets everything through, also after two timeouts', () => {
    const { tripSwitch, changes } = aSwitch();
    tripSwitch.timedOut();
    tripSwitch.timedOut();
    expect(tripSwitch.admit()).toBe('evaluate');
    expect(changes).toEqual([]);
  });

  it('trips at the third timeout within ten seconds', () => {
    const { clock, tripSwitch, changes } = aSwitch();
    for (clock.now of [0, 5_000, 9_999]) tripSwitch.timedOut();
    expect(tripSwitch.tripped).toBe(true);
    expect(changes).toEqual([true]);
  });

  it('forgets timeouts after ten seconds', () => {
    const { clock, tripSwitch } = aSwitch();
    for (clock.now of [0, 5_000, 10_000, 15_000]) tripSwitch.timedOut();
    expect(tripSwitch.tripped).toBe(false);
  });

  it('counts on in spite of decisions in between', () => {
    const { tripSwitch } = aSwitch();
    for (let count = 0; count < 3; count += 1) {
      tripSwitch.succeeded();
      tripSwitch.timedOut();
    }
    expect(tripSwitch.tripped).toBe(true);
  });
});

describe('a switch that has tripped', () => {
  it('refuses until a second has passed, then lets one probe a second through', () => {
    const { clock, tripSwitch } = aTrippedSwitch();
    const admissions = [0, 999, 1_000, 1_001, 1_999, 2_000].map((now) => {
      clock.now = now;
      return tripSwitch.admit();
    });
    expect(admissions).toEqual(['refuse', 'refuse', 'probe', 'refuse', 'refuse', 'probe']);
  });

  it('stays tripped when the probe times out, without another alarm', () => {
    const { clock, tripSwitch, changes } = aTrippedSwitch();
    clock.now = 1_000;
    tripSwitch.admit();
    clock.now = 1_250;
    tripSwitch.timedOut();
    clock.now = 2_249;
    expect(tripSwitch.admit()).toBe('refuse');
    clock.now = 2_250;
    expect(tripSwitch.admit()).toBe('probe');
    expect(changes).toEqual([true]);
  });

  it('recovers with the first decision and starts counting anew', () => {
    const { clock, tripSwitch, changes } = aTrippedSwitch();
    clock.now = 1_000;
    tripSwitch.admit();
    tripSwitch.succeeded();
    tripSwitch.timedOut();
    expect(tripSwitch.admit()).toBe('evaluate');
    expect(changes).toEqual([true, false]);
  });
});
