import type pg from 'pg';

/** A signing key as an operator sees it. */
export interface ListedKey {
  readonly realm: string;
  readonly kid: string;
  /** `upcoming`: published, signs from `activates_at` on. `retired`: verifies what it signed, until it is removed. */
  readonly state: 'upcoming' | 'in force' | 'retired';
  readonly activates_at: Date;
  readonly retired_at: Date | null;
}

/** The signing keys, the newest of each realm first; times by the database's clock. */
export async function listKeys(
  client: pg.ClientBase,
  realm: string | undefined,
): Promise<readonly ListedKey[]> {
  const { rows } = await client.query<ListedKey>(
    `select realm, kid, activates_at, retired_at,
            case when activates_at > now() and exists (select 1 from signing_keys o where o.realm = k.realm
                        and o.activates_at <= now()) then 'upcoming'
                 when retired_at <= now() then 'retired' else 'in force' end as state
     from signing_keys k where $1::text is null or realm = $1
     order by realm, retired_at desc nulls first`,
    [realm ?? null],
  );
  return rows;
}
