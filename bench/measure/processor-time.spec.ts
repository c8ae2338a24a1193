import { spawn } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import {
  familyProcessorTime,
  machineProcessorTime,
  processorTime,
  residentMemory,
} from './processor-time.mjs';

const BURN = 'const end = process.cpuUsage().user + 300_000; while (process.cpuUsage().user < end);';

async function burnInAChild(): Promise<void> {
  const child = spawn(process.execPath, ['-e', BURN]);
  await new Promise((resolve) => child.once('exit', resolve));
}

describe.runIf(process.platform === 'linux')('processor time', () => {
  it('of a family includes children that have ended, of a process alone it does not', async () => {
    const before = { own: processorTime(process.pid), family: familyProcessorTime(process.pid) };
    await burnInAChild();
    const family = familyProcessorTime(process.pid) - before.family;
    const own = processorTime(process.pid) - before.own;
    expect(family).toBeGreaterThanOrEqual(300_000);
    expect(family - own).toBeGreaterThanOrEqual(290_000);
  });

  it('of the machine includes everything', async () => {
    const before = machineProcessorTime();
    await burnInAChild();
    expect(machineProcessorTime() - before).toBeGreaterThanOrEqual(290_000);
  });

  it('agrees with what the process says of itself', () => {
    const { user, system } = process.cpuUsage();
    expect(Math.abs(processorTime(process.pid) - user - system)).toBeLessThan(200_000);
  });
});

describe.runIf(process.platform === 'linux')('resident memory', () => {
  it('agrees with what the process says of itself', () => {
    const ratio = residentMemory(process.pid) / process.memoryUsage.rss();
    expect(ratio).toBeGreaterThan(0.8);
    expect(ratio).toBeLessThan(1.2);
  });
});
