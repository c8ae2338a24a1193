import { createHash, randomUUID } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import path from 'node:path';
import type { PostgresInstallation } from './postgres-binaries.js';
import { handOver } from './postgres-cluster.js';
import type { ServerAccount } from './server-account.js';

/** Where root puts what the server's account could not reach, e.g. below /root. */
const REACHABLE_ROOT = '/var/lib/clientele';

/** Where a cluster lies and what runs it. */
export interface Placement {
  /** The cluster's data folder; it need not exist yet, its parent does. */
  readonly directory: string;
  /** Folder with `bin`, `lib` and `share`. */
  readonly installation: string;
}

/**
 * Decides where the cluster of a data directory lies. That is `<dataDirectory>/postgres`, unless we are root and the
 * server's account has no way into the data directory: then it lies below /var/lib/clientele and `postgres` is a link to
 * it. A link that is gone means that somebody deleted the data directory to begin anew, so its cluster goes as well.
 *
 * @param base for tests: another folder than /var/lib/clientele
 */
export function placeCluster(
  dataDirectory: string,
  installation: PostgresInstallation,
  account: ServerAccount | undefined,
  base: string = REACHABLE_ROOT,
): Placement {
  const inside = path.join(dataDirectory, 'postgres');
  if (!account) return { directory: inside, installation: installation.directory };
  return {
    directory: isReachable(dataDirectory, account) ? inside : placeOutside(inside, account, base),
    installation: isReachable(installation.directory, account)
      ? installation.directory
      : copyInstallation(installation, base),
  };
}

/** Whether the account may enter the folder: every folder on the way lets it through. Groups and ACLs are not asked. */
export function isReachable(directory: string, account: ServerAccount): boolean {
  for (let current = path.resolve(directory); ; current = path.dirname(current)) {
    const { uid, mode } = statSync(current);
    if ((mode & (uid === account.uid ? 0o100 : 0o001)) === 0) return false;
    if (current === path.dirname(current)) return true;
  }
}

function placeOutside(link: string, account: ServerAccount, base: string): string {
  const home = path.join(base, createHash('sha256').update(link).digest('hex').slice(0, 16));
  const directory = path.join(home, 'postgres');
  const linked = lstatSync(link, { throwIfNoEntry: false });
  if (linked?.isSymbolicLink()) return readlinkSync(link);
  if (linked) {
    throw new Error(
      `${link} is a folder that PostgreSQL's user cannot reach, because a folder above it is closed to it. ` +
        'Move DATA_DIR to where it can, or start Clientele as the user who owns it.',
    );
  }
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home, { recursive: true, mode: 0o755 });
  chmodSync(base, 0o755);
  handOver(home, account);
  symlinkSync(directory, link);
  return directory;
}

function copyInstallation({ directory, version }: PostgresInstallation, base: string): string {
  const copy = path.join(base, `postgresql-${version}`);
  if (existsSync(copy)) return copy;
  const unfinished = `${copy}.${randomUUID()}`;
  mkdirSync(base, { recursive: true, mode: 0o755 });
  chmodSync(base, 0o755);
  cpSync(directory, unfinished, { recursive: true, verbatimSymlinks: true });
  openToAll(unfinished);
  try {
    renameSync(unfinished, copy);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    // Somebody else was faster.
    if (!existsSync(copy)) throw error;
  }
  return copy;
}

/** A strict umask may have made the installation readable for root alone. */
function openToAll(directory: string): void {
  chmodSync(directory, 0o755);
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    if (entry.isDirectory()) chmodSync(file, 0o755);
    else if (entry.isFile()) chmodSync(file, statSync(file).mode & 0o100 ? 0o755 : 0o644);
  }
}
