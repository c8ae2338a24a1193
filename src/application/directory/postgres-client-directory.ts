import type { Pool } from 'pg';
import type { ClientState } from '../../domain/client/client-state.js';
import { streams } from '../../contract/streams.js';
import { binaryArray } from '../../platform/database/binary-array.js';
import { ClientDirectory, type DirectoryEntry, type FoundClient } from './client-directory.js';
import { MergedLookup } from './merged-lookup.js';

interface DirectoryRow {
  readonly stream: string;
  readonly version: number;
  readonly hash: string;
  readonly record: string;
  readonly read_at: number;
}

const MOST_PARSED_ROWS = 10_000;

const lookup = {
  name: 'client_directory_lookup',
  text: `select stream, version, hash, record::text as record,
                floor(extract(epoch from now()) * 1000)::float8 as read_at
         from client_directory where stream = any($1::text[])`,
};

/** Reads the directory from the primary, many lookups per query, each row parsed once per version. */
export class PostgresClientDirectory extends ClientDirectory {
  private readonly lookups = new MergedLookup<FoundClient>((keys) => this.query(keys));
  /** By stream; a row is only reused when version and hash are what the database just answered. */
  private readonly parsed = new Map<string, DirectoryEntry>();

  constructor(private readonly pool: Pool) {
    super();
  }

  async find(realm: string, clientId: string): Promise<FoundClient | undefined> {
    // PostgreSQL text cannot hold NUL, and no client_id was ever issued with one.
    if (clientId.includes('\0')) return undefined;
    return this.lookups.find(streams.client(realm, clientId));
  }

  private async query(keys: readonly string[]): Promise<ReadonlyMap<string, FoundClient>> {
    const answer = await this.pool.query<DirectoryRow>({ ...lookup, values: [binaryArray('text', keys)] });
    return new Map(answer.rows.map((row) => [row.stream, { ...this.entry(row), readAt: row.read_at }]));
  }

  private entry(row: DirectoryRow): DirectoryEntry {
    const known = this.parsed.get(row.stream);
    if (known && known.version === row.version && known.hash === row.hash) return known;
    const entry: DirectoryEntry = {
      state: JSON.parse(row.record) as ClientState,
      version: row.version,
      hash: row.hash,
    };
    if (this.parsed.size >= MOST_PARSED_ROWS) this.parsed.delete(this.parsed.keys().next().value!);
    this.parsed.set(row.stream, entry);
    return entry;
  }
}
