import { rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { readPostmasterFile } from './postmaster-file.js';
import { commandLine } from './running-process.js';

const FAST_STOP_MS = 2_000;
const IMMEDIATE_STOP_MS = 5_000;
const POLL_MS = 10;

/**
 * Ends the PostgreSQL server that a killed process of ours left running on this folder. The caller holds the folder's
 * lock, so nobody uses that server. A `postmaster.pid` whose process is gone, or is something else by now, is removed:
 * PostgreSQL itself would refuse to start when its id is in use again.
 *
 * @param directory the cluster's data folder
 * @returns whether there was one
 * @throws Error when the server does not end
 */
export async function endLeftoverServer(directory: string): Promise<boolean> {
  const file = readPostmasterFile(directory);
  if (!file) return false;
  if (!serves(file.pid, directory)) {
    rmSync(path.join(directory, 'postmaster.pid'), { force: true });
    return false;
  }
  process.kill(file.pid, 'SIGINT');
  if (await endsWithin(file.pid, directory, FAST_STOP_MS)) return true;
  process.kill(file.pid, 'SIGQUIT');
  if (await endsWithin(file.pid, directory, IMMEDIATE_STOP_MS)) return true;
  throw new Error(
    `The PostgreSQL server ${file.pid} still runs on ${directory} and does not stop. End it and start again.`,
  );
}

async function endsWithin(pid: number, directory: string, milliseconds: number): Promise<boolean> {
  const deadline = Date.now() + milliseconds;
  while (serves(pid, directory)) {
    if (Date.now() > deadline) return false;
    await delay(POLL_MS);
  }
  return true;
}

/** We start every server with its folder on the command line. */
function serves(pid: number, directory: string): boolean {
  return commandLine(pid)?.includes(directory) ?? false;
}
