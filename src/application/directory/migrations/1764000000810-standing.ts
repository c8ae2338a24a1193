import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What stands against a client, in its own row of the directory, so that the append writes it and a rebuild finds it again like
 * everything else there. Both indexes hold the few clients that were turned away or suspended: a registration enters neither,
 * and finds out by one probe of each that nothing stands against it.
 */
export class Standing1764000000810 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(standing);
    await runner.query(guardedState);
    await runner.query(projectRows);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop index client_directory_standing_fingerprint, client_directory_standing_software;
      create or replace function guarded_state(p_kind text, p_realm text, p_key text, p_now timestamptz)
      returns table (found text, stream text) language sql stable as $$
        select null::text, null::text where false
      $$`);
  }
}

const standing = `
  alter table client_directory
    add column standing text,
    add column standing_until timestamptz,
    add column fingerprint text collate "C";
  create index client_directory_standing_fingerprint on client_directory (realm, fingerprint)
    where standing is not null;
  create index client_directory_standing_software on client_directory (realm, software_id)
    where standing is not null and software_id is not null`;

/**
 * The client whose standing counts for a key: what has no end before what has one, the later end before the earlier.
 * Answered is its stream with its version, so that whoever relies on it learns of every change.
 */
const guardedState = `
  create or replace function guarded_state(p_kind text, p_realm text, p_key text, p_now timestamptz)
  returns table (found text, stream text) language sql stable as $$
    select c.version || ' ' || c.stream, c.stream from (
      select d.version, d.stream, d.standing_until from client_directory d
      where p_kind = 'fingerprint' and d.standing is not null and d.realm = p_realm and d.fingerprint = p_key
      union all
      select d.version, d.stream, d.standing_until from client_directory d
      where p_kind = 'software' and d.standing is not null and d.realm = p_realm and d.software_id = p_key
    ) c
    where c.standing_until is null or c.standing_until > p_now
    order by c.standing_until desc nulls first, c.stream
    limit 1
  $$`;

const projected = {
  client_directory: [
    'realm',
    'client_id',
    'status',
    'suspended',
    'channel',
    'client_name',
    'software_id',
    'waiting',
    'created_at',
    'expires_at',
    'standing',
    'standing_until',
    'fingerprint',
  ],
  initial_access_tokens: ['realm', 'token_id', 'issued_at'],
  realms: ['name'],
  policy_bindings: ['realm'],
};

/** One guarded upsert per table: a row never goes back to an older version of its stream. */
const projectRows = `
  create or replace function project_rows(p_table text[], p_row json[]) returns void language plpgsql as $$
  begin
    ${Object.entries(projected)
      .map(([table, own]) => upsert(table, ['stream', 'version', 'hash', ...own, 'record']))
      .join('\n')}
  end $$;`;

function upsert(table: string, columns: readonly string[]): string {
  return `
    if '${table}' = any (p_table) then
      insert into ${table} (${columns.join(', ')})
      select ${columns.map((column) => `d.${column}`).join(', ')}
      from unnest(p_table, p_row) as u(table_name, content)
      cross join lateral json_populate_record(null::${table}, u.content) d
      where u.table_name = '${table}'
      on conflict (stream) do update set
        ${columns.map((column) => `${column} = excluded.${column}`).join(', ')}
      where ${table}.version < excluded.version;
    end if;`;
}
