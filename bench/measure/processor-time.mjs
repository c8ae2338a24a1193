// Processor time of processes, as Linux counts it.
import { readdirSync, readFileSync } from 'node:fs';

/** What the kernel calls USER_HZ; 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;
const MICROSECONDS_PER_TICK = 1_000_000 / TICKS_PER_SECOND;

/**
 * User and system time of one process, all its threads included.
 *
 * @param {number} pid
 * @returns {number} microseconds, in steps of 10,000
 */
export function processorTime(pid) {
  const { own } = readTimes(pid);
  return own * MICROSECONDS_PER_TICK;
}

/**
 * User and system time of a process and all its children, those that have ended included.
 *
 * @param {number} pid e.g. of PostgreSQL's postmaster
 * @returns {number} microseconds
 */
export function familyProcessorTime(pid) {
  const parent = readTimes(pid);
  let ticks = parent.own + parent.endedChildren;
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      const times = readTimes(Number(entry));
      if (times.parent === pid) ticks += times.own;
    } catch {
      // It ended between the listing and the reading.
    }
  }
  return ticks * MICROSECONDS_PER_TICK;
}

/** @returns {number} microseconds that all cores together were busy since the machine started */
export function machineProcessorTime() {
  const [user, nice, system, , , interrupts, softInterrupts, stolen] = readFileSync('/proc/stat', 'latin1')
    .split('\n', 1)[0]
    .trim()
    .split(/\s+/)
    .slice(1)
    .map(Number);
  return (user + nice + system + interrupts + softInterrupts + stolen) * MICROSECONDS_PER_TICK;
}

/** @returns {number} resident memory in bytes */
export function residentMemory(pid) {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) * 1024;
}

/** proc(5): the name is in parentheses and may contain anything, so fields are counted after the last one. */
function readTimes(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [userTime, systemTime, childrenUserTime, childrenSystemTime] = fields.slice(11, 15).map(Number);
  return {
    parent: Number(fields[1]),
    own: userTime + systemTime,
    endedChildren: childrenUserTime + childrenSystemTime,
  };
}
