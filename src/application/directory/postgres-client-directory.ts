import type { Pool } from 'pg';
import type { ClientState } from '../../domain/client/client-state.js';
import { streams } from '../../contract/streams.js';
import { ClientDirectory, type DirectoryEntry } from './client-directory.js';
import { MergedLookup } from './merged-lookup.js';

interface DirectoryRow {
  readonly stream: string;
  readonly version: number;
  readonly hash: string;
  readonly record: string;
}

const MOST_PARSED_ROWS = 10_000;

const lookup = {
  name: 'client_directory_lookup',
  text: `select d.stream, d.version, d.hash, d.record::text as record
         from unnest($1::text[], $2::text[]) as k(realm, client_id)
         join client_directory d on d.realm = k.realm and d.client_id = k.client_id`,
};

/** Reads the directory from the primary, many lookups per query, each row parsed once per version. */
export class PostgresClientDirectory extends ClientDirectory {
  private readonly lookups: MergedLookup<{ realm: string; clientId: string }, DirectoryEntry>;
  /** By stream; a row is only reused when version and hash are what the database just answered. */
  private readonly parsed = new Map<string, DirectoryEntry>();

  constructor(private readonly pool: Pool) {
    super();
    this.lookups = new MergedLookup(
      ({ realm, clientId }) => streams.client(realm, clientId),
      (keys) => this.query(keys),
    );
  }

  async find(realm: string, clientId: string): Promise<DirectoryEntry | undefined> {
    // PostgreSQL text cannot hold NUL, and no client_id was ever issued with one.
    if (clientId.includes('\0')) return undefined;
    return this.lookups.find({ realm, clientId });
  }

  private async query(
    keys: readonly { realm: string; clientId: string }[],
  ): Promise<ReadonlyMap<string, DirectoryEntry>> {
    const answer = await this.pool.query<DirectoryRow>({
      ...lookup,
      values: [keys.map((key) => key.realm), keys.map((key) => key.clientId)],
    });
    return new Map(answer.rows.map((row) => [row.stream, this.entry(row)]));
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
