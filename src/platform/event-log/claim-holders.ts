import type { Pool } from 'pg';

/** Reads who holds a claim, for callers that cannot learn it from an append because they make none. */
export class ClaimHolders {
  constructor(private readonly pool: Pool) {}

  /** @returns undefined where nobody has it */
  async find(kind: string, key: string): Promise<string | undefined> {
    const { rows } = await this.pool.query<{ holder: string | null }>({
      name: 'claim_holder',
      text: 'select holder from event_claims where kind = $1 and key = $2',
      values: [kind, key],
    });
    return rows[0]?.holder ?? undefined;
  }
}
