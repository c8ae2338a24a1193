// One PostgreSQL for the whole run: fsync on, every other setting as PostgreSQL ships it.
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  CLUSTER_OWNER,
  handOver,
  initialiseCluster,
  startCluster,
} from '../../dist/platform/database/embedded/postgres-cluster.js';
import { placeCluster } from '../../dist/platform/database/embedded/placement.js';
import { locatePostgres } from '../../dist/platform/database/embedded/postgres-binaries.js';
import { serverAccount } from '../../dist/platform/database/embedded/server-account.js';

const { Pool } = createRequire(new URL('../package.json', import.meta.url))('pg');
const PASSWORD = 'only-for-the-benchmark';
const SETTINGS = { max_connections: '300' };

/**
 * @typedef {object} Cluster
 * @property {number} pid of the postmaster
 * @property {string} folder temporary, for logs and such
 * @property {string} version
 * @property {(name: string) => Promise<string>} createDatabase answers its URL
 * @property {(name: string) => Promise<void>} dropDatabase
 * @property {(url: string, work: (pool: import('pg').Pool) => Promise<T>) => Promise<T>} query
 * @property {() => Promise<void>} destroy
 * @template T
 */

/** @returns {Promise<Cluster>} */
export async function startOwnCluster() {
  const folder = mkdtempSync(path.join(tmpdir(), 'clientele-bench-'));
  const account = serverAccount();
  handOver(folder, account);
  const options = {
    ...placeCluster(folder, locatePostgres(), account, folder),
    account,
    logFile: path.join(folder, 'postgres.log'),
    settings: SETTINGS,
  };
  let running;
  const remove = () => rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  const abandon = () => {
    try {
      if (running) process.kill(running.pid, 'SIGQUIT');
    } catch {
      // It has ended already.
    }
    remove();
  };
  process.once('exit', abandon);
  await initialiseCluster(options, PASSWORD);
  running = await startCluster(options);
  const url = (database) => `postgres://${CLUSTER_OWNER}:${PASSWORD}@127.0.0.1:${running.port}/${database}`;
  const query = async (address, work) => {
    const pool = new Pool({ connectionString: address, max: 4 });
    try {
      return await work(pool);
    } finally {
      await pool.end();
    }
  };
  const administer = (statement) => query(url('postgres'), (pool) => pool.query(statement));
  const { rows } = await administer('show server_version');
  return {
    pid: running.pid,
    folder,
    version: rows[0].server_version,
    async createDatabase(name) {
      await administer(`create database ${name}`);
      return url(name);
    },
    async dropDatabase(name) {
      await administer(`drop database ${name} with (force)`);
    },
    query,
    async destroy() {
      // The server's process does not keep ours alive, and by now nothing else does.
      const alive = setInterval(() => undefined, 1000);
      await running.stop('immediate');
      clearInterval(alive);
      running = undefined;
      process.off('exit', abandon);
      remove();
    },
  };
}
