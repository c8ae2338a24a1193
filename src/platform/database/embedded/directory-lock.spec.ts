import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DirectoryInUse, lockDirectory } from './directory-lock.js';
import { processBeginning } from './running-process.js';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'clientele-lock-'));
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

function leaveLockOf(pid: number, beginning: string | undefined): void {
  writeFileSync(path.join(directory, 'lock'), JSON.stringify({ pid, beginning, token: 'left behind' }));
}

describe('a directory that nobody uses', () => {
  it('is locked until it is released, and nothing stays', () => {
    const release = lockDirectory(directory);
    expect(readdirSync(directory)).toEqual(['lock']);
    release();
    expect(readdirSync(directory)).toEqual([]);
  });
});

describe('a directory in use', () => {
  it('is refused with the process to stop', () => {
    const release = lockDirectory(directory);
    expect(() => lockDirectory(directory)).toThrow(DirectoryInUse);
    expect(() => lockDirectory(directory)).toThrow(
      new RegExp(`process ${process.pid}.*kill ${process.pid}.*DATA_DIR`),
    );
    release();
  });

  it('is refused while another process that is alive holds it', () => {
    leaveLockOf(process.ppid, processBeginning(process.ppid));
    expect(() => lockDirectory(directory)).toThrow(`process ${process.ppid}`);
  });
});

describe('a lock that a killed process left', () => {
  it('is taken over', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    await once(child, 'spawn');
    leaveLockOf(child.pid as number, processBeginning(child.pid as number));
    expect(() => lockDirectory(directory)).toThrow(DirectoryInUse);
    child.kill('SIGKILL');
    await once(child, 'exit');
    lockDirectory(directory)();
    expect(readdirSync(directory)).toEqual([]);
  });

  it('is taken over when its process id belongs to somebody else by now', () => {
    leaveLockOf(process.ppid, 'an earlier beginning');
    expect(() => lockDirectory(directory)).not.toThrow();
  });

  it('is taken over when it is no lock at all', () => {
    writeFileSync(path.join(directory, 'lock'), 'cut o');
    expect(() => lockDirectory(directory)).not.toThrow();
  });

  it('is not removed by a holder that lost it', () => {
    const release = lockDirectory(directory);
    leaveLockOf(process.ppid, processBeginning(process.ppid));
    release();
    expect(readFileSync(path.join(directory, 'lock'), 'utf8')).toContain('left behind');
  });
});
