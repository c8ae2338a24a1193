import { existsSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { keepSecret } from '../../config/kept-secret.js';
import { endLeftoverServer } from './leftover-server.js';
import { placeCluster } from './placement.js';
import { locatePostgres } from './postgres-binaries.js';
import { CLUSTER_OWNER, initialiseCluster, startCluster, type ClusterOptions } from './postgres-cluster.js';
import { readPostmasterFile } from './postmaster-file.js';
import { processBeginning } from './running-process.js';
import { serverAccount } from './server-account.js';

/** A PostgreSQL of our own, for development. */
export interface EmbeddedDatabase {
  readonly url: string;
  /** Where its files really lie. */
  readonly directory: string;
  /** Of the server's process. */
  readonly pid: number;
  /** Settles when the server has ended, whoever ended it. */
  readonly ended: Promise<void>;
  /** Disconnects everybody, writes a checkpoint and ends the server. */
  stop(): Promise<void>;
}

const DATABASE = 'clientele';

/**
 * Starts the PostgreSQL below a data directory, which it creates at the first start. The caller holds the directory's
 * lock. As root, the server runs as an unprivileged user.
 *
 * @param dataDirectory an existing folder, absolute
 * @param onProgress gets a line before anything that takes longer than a moment
 * @throws Error with a sentence for the operator
 */
export async function startEmbeddedDatabase(
  dataDirectory: string,
  onProgress: (line: string) => void,
): Promise<EmbeddedDatabase> {
  const account = serverAccount();
  const placement = placeCluster(dataDirectory, locatePostgres(), account);
  const password = keepSecret(dataDirectory, 'postgres-password').value;
  const options: ClusterOptions = {
    ...placement,
    account,
    logFile: path.join(dataDirectory, 'postgres.log'),
  };
  if (!existsSync(options.directory)) {
    onProgress('First start: creating the database');
    await createCluster(options, password);
  } else if (await endLeftoverServer(options.directory)) {
    onProgress('Stopped the PostgreSQL that a killed Clientele had left running');
  }
  const cluster = await startCluster(options);
  try {
    await createDatabaseIfMissing(databaseUrl(password, cluster.port, 'postgres'));
  } catch (error) {
    await cluster.stop('fast');
    throw error;
  }
  return {
    url: databaseUrl(password, cluster.port, DATABASE),
    directory: options.directory,
    pid: cluster.pid,
    ended: cluster.ended,
    stop: () => cluster.stop('fast'),
  };
}

/**
 * The address of an embedded PostgreSQL that another process of ours is running.
 *
 * @param dataDirectory as given to `startEmbeddedDatabase`
 * @returns undefined when none is running there
 */
export function runningEmbeddedDatabase(dataDirectory: string): string | undefined {
  const server = readPostmasterFile(path.join(dataDirectory, 'postgres'));
  if (!server?.ready || processBeginning(server.pid) === undefined) return undefined;
  return databaseUrl(keepSecret(dataDirectory, 'postgres-password').value, server.port, DATABASE);
}

/** Under another name until it is complete: an interrupted first start leaves nothing that looks like a cluster. */
async function createCluster(options: ClusterOptions, password: string): Promise<void> {
  const unfinished = `${options.directory}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  await initialiseCluster({ ...options, directory: unfinished }, password);
  renameSync(unfinished, options.directory);
}

async function createDatabaseIfMissing(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [DATABASE]);
    if (rowCount === 0) await client.query(`create database ${DATABASE}`);
  } finally {
    await client.end();
  }
}

function databaseUrl(password: string, port: number, database: string): string {
  return `postgres://${CLUSTER_OWNER}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`;
}
