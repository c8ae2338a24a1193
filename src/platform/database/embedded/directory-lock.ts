import { randomUUID } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { processBeginning } from './running-process.js';

/** The data directory belongs to a process that is alive. */
export class DirectoryInUse extends Error {
  constructor(
    readonly directory: string,
    /** Of the process that holds it. */
    readonly pid: number,
  ) {
    super(
      `${directory} is in use by another Clientele, process ${pid}. ` +
        `Stop that one (kill ${pid}), or give this one a folder of its own with DATA_DIR.`,
    );
    this.name = 'DirectoryInUse';
  }
}

interface Holder {
  readonly pid: number;
  readonly beginning: string | undefined;
  readonly token: string;
}

const TAKEOVER_ATTEMPTS = 3;

/**
 * Takes a data directory for this process, until the returned function is called. What a killed process left behind is
 * taken over.
 *
 * @param directory an existing folder
 * @throws DirectoryInUse
 */
export function lockDirectory(directory: string): () => void {
  const file = path.join(directory, 'lock');
  const holder: Holder = { pid: process.pid, beginning: processBeginning(process.pid), token: randomUUID() };
  for (let attempt = 1; attempt <= TAKEOVER_ATTEMPTS; attempt += 1) {
    if (createLock(file, holder)) {
      return () => {
        if (readHolder(file)?.token === holder.token) rmSync(file, { force: true });
      };
    }
    const present = readHolder(file);
    if (present && isAlive(present)) throw new DirectoryInUse(directory, present.pid);
    if (present) removeStale(file, present, directory);
  }
  throw new DirectoryInUse(directory, readHolder(file)?.pid ?? 0);
}

/** The file appears with its content or not at all: it is linked into place, which fails when the name exists. */
function createLock(file: string, holder: Holder): boolean {
  const prepared = `${file}.${holder.token}`;
  writeFileSync(prepared, JSON.stringify(holder), { mode: 0o600, flag: 'wx' });
  try {
    linkSync(prepared, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(prepared, { force: true });
  }
}

/** Two starters may find the same stale lock; the later one must not remove the lock that the earlier one just took. */
function removeStale(file: string, stale: Holder, directory: string): void {
  const aside = `${file}.${randomUUID()}`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  const moved = readHolder(aside);
  if (moved && moved.token !== stale.token) {
    renameSync(aside, file);
    throw new DirectoryInUse(directory, moved.pid);
  }
  rmSync(aside, { force: true });
}

function isAlive(holder: Holder): boolean {
  const beginning = processBeginning(holder.pid);
  return beginning !== undefined && beginning === holder.beginning;
}

function readHolder(file: string): Holder | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
  try {
    return JSON.parse(text) as Holder;
  } catch {
    // Cut off by a full disk or edited by hand: nobody holds it.
    return { pid: 0, beginning: undefined, token: text };
  }
}
