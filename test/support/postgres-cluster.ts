import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  CLUSTER_OWNER,
  handOver,
  initialiseCluster,
  startCluster,
  type ClusterOptions,
  type RunningCluster,
} from '../../src/platform/database/embedded/postgres-cluster.js';
import { placeCluster } from '../../src/platform/database/embedded/placement.js';
import { locatePostgres } from '../../src/platform/database/embedded/postgres-binaries.js';
import { serverAccount } from '../../src/platform/database/embedded/server-account.js';

const PASSWORD = 'only-for-tests';

/** A private PostgreSQL that a test may kill and start again on the same files. */
export interface TestCluster {
  /** Of the database `postgres`; its port changes with every start. */
  readonly url: string;
  /** `kill -9` of the server and, through it, of every connection. Nothing is written any more. */
  kill(): Promise<void>;
  /** Starts the server again after `kill` or `stop`. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Stops the server and deletes its files. */
  destroy(): Promise<void>;
}

/**
 * Makes a cluster in a temporary folder and starts it, with fsync on.
 *
 * @param settings of the server, e.g. `{ fsync: 'off' }`
 */
export async function startTestCluster(
  settings: Readonly<Record<string, string>> = {},
): Promise<TestCluster> {
  const parent = mkdtempSync(path.join(tmpdir(), 'clientele-test-postgres-'));
  const account = serverAccount();
  handOver(parent, account);
  const options: ClusterOptions = {
    ...placeCluster(parent, locatePostgres(), account, parent),
    account,
    logFile: path.join(parent, 'postgres.log'),
    settings: { max_connections: '300', ...settings },
  };
  let running: RunningCluster | undefined;
  const onExit = (): void => {
    if (running) signal(running.pid, 'SIGQUIT');
    rmSync(parent, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  };
  process.once('exit', onExit);
  const cluster: TestCluster = {
    get url() {
      if (!running) throw new Error('the cluster is stopped');
      return `postgres://${CLUSTER_OWNER}:${PASSWORD}@127.0.0.1:${running.port}/postgres`;
    },
    async start() {
      running = await startCluster(options);
    },
    async kill() {
      if (!running) return;
      signal(running.pid, 'SIGKILL');
      await running.ended;
      running = undefined;
    },
    async stop() {
      await running?.stop('fast');
      running = undefined;
    },
    async destroy() {
      await running?.stop('immediate');
      running = undefined;
      process.off('exit', onExit);
      rmSync(parent, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
    },
  };
  try {
    await initialiseCluster(options, PASSWORD);
    await cluster.start();
    return cluster;
  } catch (error) {
    await cluster.destroy();
    throw error;
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended already.
  }
}
