import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * When a process began, in a form that only serves to compare: process ids are used again, id and beginning together
 * are not.
 *
 * @returns undefined when there is no such process, or it has ended and waits for its parent to notice
 */
export function processBeginning(pid: number): string | undefined {
  if (process.platform !== 'linux') {
    const [state, ...beginning] = askPs(pid, 'stat=,lstart=')?.split(/\s+/) ?? [];
    return state === undefined || isZombie(state) ? undefined : beginning.join(' ');
  }
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name, second in the line, may hold blanks and parentheses; state is field 3, start time field 22 (proc(5)).
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return isZombie(fields[0] ?? '') ? undefined : `${boot}:${fields[19]}`;
  } catch {
    return undefined;
  }
}

/** The command line of a process; undefined or empty when there is no such process, or it has ended. */
export function commandLine(pid: number): string | undefined {
  if (process.platform !== 'linux') return askPs(pid, 'command=');
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    return undefined;
  }
}

function isZombie(state: string): boolean {
  return state.startsWith('Z') || state.startsWith('X');
}

function askPs(pid: number, column: string): string | undefined {
  const { status, stdout } = spawnSync('ps', ['-ww', '-o', column, '-p', String(pid)], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}
