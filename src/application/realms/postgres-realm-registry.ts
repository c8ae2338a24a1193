import type { Pool } from 'pg';
import { completeRealm, type RealmState } from '../../domain/realm/realm-state.js';
import { RealmRegistry, type RealmEntry } from './realm-registry.js';

/** How long a realm may be served from memory. Decisions are exact all the same: their append requires the version. */
const MEMORY_MS = 1_000;

/** Reads realms from their inline projection. */
export class PostgresRealmRegistry extends RealmRegistry {
  private readonly remembered = new Map<
    string,
    { readonly entry: Promise<RealmEntry | undefined>; readonly until: number }
  >();

  constructor(private readonly pool: Pool) {
    super();
  }

  find(name: string): Promise<RealmEntry | undefined> {
    const known = this.remembered.get(name);
    if (known && known.until > performance.now()) return known.entry;
    const entry = this.load(name);
    this.remembered.set(name, { entry, until: performance.now() + MEMORY_MS });
    // Only realms that exist are remembered, or asking for names could fill the memory.
    entry.then(
      (found) => found ?? this.forget(name),
      () => this.forget(name),
    );
    return entry;
  }

  forget(name: string): void {
    this.remembered.delete(name);
  }

  private async load(name: string): Promise<RealmEntry | undefined> {
    const answer = await this.pool.query<{ version: number; hash: string; record: RealmState }>({
      name: 'realm_lookup',
      text: 'select version, hash, record from realms where name = $1',
      values: [name],
    });
    const row = answer.rows[0];
    return row && { state: completeRealm(row.record), version: row.version, hash: row.hash };
  }
}
