import pg from 'pg';

/** Injection token of the `pg.Pool` that hot paths use. */
export const POOL = 'clientele:pool';

export interface PoolOptions {
  /** Shown in pg_stat_activity. */
  readonly applicationName: string;
  /** At most so many connections. */
  readonly size: number;
  /**
   * Milliseconds after which the server cancels a statement; 0 for never. A server that does not even do that is given up
   * five seconds later: the connection is dropped, and the outcome of the statement is unknown.
   */
  readonly statementTimeout: number;
  /** Told about connections that broke while nobody was using them. */
  readonly onIdleError: (error: Error) => void;
}

const CONNECTION_TIMEOUT_MS = 5_000;
/** Longer than the server may take: then the network, or the server as a whole, does not answer. */
const NETWORK_GRACE_MS = 5_000;

/**
 * Makes a connection pool that outlives its connections: one that the server drops is replaced by the next query, and
 * the error of an idle one is reported instead of thrown.
 *
 * `bigint` arrives as a number: every bigint of ours is a position or a count, far below 2^53, and one above it is
 * refused rather than rounded.
 *
 * @param url `postgres://user:password@host:port/database`, TLS through its `sslmode` parameter
 */
export function createPool(url: string, options: Partial<PoolOptions> = {}): pg.Pool {
  const statementTimeout = options.statementTimeout ?? 10_000;
  const pool = new pg.Pool({
    connectionString: url,
    application_name: options.applicationName ?? 'clientele',
    max: options.size ?? 10,
    statement_timeout: statementTimeout,
    ...(statementTimeout > 0 && { query_timeout: statementTimeout + NETWORK_GRACE_MS }),
    connectionTimeoutMillis: CONNECTION_TIMEOUT_MS,
    keepAlive: true,
    types: numericBigints,
  });
  pool.on('error', options.onIdleError ?? (() => undefined));
  return pool;
}

/** Type parsers of `pg`, with bigint as a number. */
export const numericBigints: pg.CustomTypesConfig = {
  getTypeParser: ((type: Parameters<typeof pg.types.getTypeParser>[0], format?: 'text' | 'binary') =>
    type === pg.types.builtins.INT8 && format !== 'binary'
      ? parseBigint
      : pg.types.getTypeParser(type, format)) as pg.CustomTypesConfig['getTypeParser'],
};

function parseBigint(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`bigint ${text} does not fit into a number`);
  return value;
}
