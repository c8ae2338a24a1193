import { spawn } from 'node:child_process';
import {
  chownSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { readPostmasterFile } from './postmaster-file.js';
import type { ServerAccount } from './server-account.js';

/** Name of the role that owns an embedded cluster. */
export const CLUSTER_OWNER = 'clientele';

export interface ClusterOptions {
  /** The cluster's data folder. */
  readonly directory: string;
  /** Holds `bin`, `lib` and `share` of PostgreSQL, where `account` can read them. */
  readonly installation: string;
  readonly account: ServerAccount | undefined;
  /** The server's own log, begun anew at each start. */
  readonly logFile: string;
  /** Server settings beside the ones every cluster gets. */
  readonly settings?: Readonly<Record<string, string>>;
}

export interface RunningCluster {
  readonly pid: number;
  /** On 127.0.0.1. */
  readonly port: number;
  /** Settles when the server has ended, whoever ended it. */
  readonly ended: Promise<void>;
  /** Ends the server: `fast` disconnects everybody and writes a checkpoint, `immediate` leaves recovery to the next start. */
  stop(how: 'fast' | 'immediate'): Promise<void>;
}

const START_TIMEOUT_MS = 30_000;
const POLL_MS = 10;
const START_ATTEMPTS = 20;
const RETRY_MS = 250;
/** Somebody else took the port between our choice and the start; connections of a killed server still end. */
const passingTroubles = ['could not bind', 'pre-existing shared memory block'];

/**
 * Creates the files of a new cluster: UTF-8, byte-wise collation on every machine, SCRAM passwords only.
 *
 * @param password of the role `clientele`
 * @throws Error with what initdb said
 */
export async function initialiseCluster(options: ClusterOptions, password: string): Promise<void> {
  const secrets = mkdtempSync(path.join(tmpdir(), 'clientele-initdb-'));
  try {
    const passwordFile = path.join(secrets, 'password');
    writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
    mkdirSync(options.directory, { mode: 0o700 });
    for (const file of [secrets, passwordFile, options.directory]) handOver(file, options.account);
    await run(options, 'initdb', [
      `--pgdata=${options.directory}`,
      `--username=${CLUSTER_OWNER}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
    ]);
  } finally {
    rmSync(secrets, { recursive: true, force: true });
  }
}

/**
 * Starts the server on a free port of 127.0.0.1 and waits until it accepts connections. It runs in a session of its own,
 * so that the terminal's Ctrl-C reaches only us.
 *
 * @throws Error with the end of the server's log
 */
export async function startCluster(options: ClusterOptions): Promise<RunningCluster> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await startOnPort(options, await freePort());
    } catch (error) {
      const passing = passingTroubles.some((trouble) => (error as Error).message.includes(trouble));
      if (!passing || attempt === START_ATTEMPTS) throw error;
      await delay(RETRY_MS);
    }
  }
}

/** Gives a file to the account that the server runs as. */
export function handOver(file: string, account: ServerAccount | undefined): void {
  if (account) chownSync(file, account.uid, account.gid);
}

async function startOnPort(options: ClusterOptions, port: number): Promise<RunningCluster> {
  const settings = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    fsync: 'on',
    timezone: 'UTC',
    log_timezone: 'UTC',
    ...options.settings,
  };
  const log = openSync(options.logFile, 'w', 0o600);
  const server = spawn(
    path.join(options.installation, 'bin', 'postgres'),
    [
      '-D',
      options.directory,
      ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    { ...options.account, cwd: '/', env: serverEnvironment, detached: true, stdio: ['ignore', log, log] },
  );
  closeSync(log);
  server.unref();
  const state = { running: true };
  const ended = new Promise<void>((resolve) => {
    const end = (): void => {
      state.running = false;
      resolve();
    };
    server.once('exit', end);
    server.once('error', end);
  });
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (state.running && Date.now() < deadline) {
    const file = readPostmasterFile(options.directory);
    if (file?.pid === server.pid && file?.ready) {
      return {
        pid: file.pid,
        port,
        ended,
        async stop(how) {
          if (state.running) server.kill(how === 'fast' ? 'SIGINT' : 'SIGQUIT');
          await ended;
        },
      };
    }
    await delay(POLL_MS);
  }
  if (state.running) server.kill('SIGQUIT');
  throw new Error(`PostgreSQL did not start:\n${endOf(options.logFile)}`);
}

async function run(options: ClusterOptions, program: string, args: readonly string[]): Promise<void> {
  const child = spawn(path.join(options.installation, 'bin', program), args, {
    ...options.account,
    cwd: '/',
    env: serverEnvironment,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new Error(`${program} failed:\n${output.trim()}`);
}

/** Nothing of ours: a PGPORT or LC_ALL of the caller must not steer the server. */
const serverEnvironment = { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function endOf(logFile: string): string {
  return readFileSync(logFile, 'utf8').trim().split('\n').slice(-8).join('\n');
}
