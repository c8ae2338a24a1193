import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The tables that the append writes in its own transaction. All have the columns stream, version, hash and record; the
 * others exist for keys, lists and searches. `record` is json, not jsonb: it is read whole, and as it was written. Clients are
 * found by their stream, which names realm and client_id: every further index is paid for by each registration.
 */
export class ProjectedTables1764000000300 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(tables);
    await runner.query(projectRows);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create or replace function project_rows(p_table text[], p_row json[]) returns void language plpgsql as $$
      begin end $$;
      drop table client_directory, initial_access_tokens, realms, policy_bindings`);
  }
}

const tables = `
  create table client_directory (
    stream text primary key collate "C",
    version int not null,
    hash text not null,
    realm text not null collate "C",
    client_id text not null collate "C",
    status text not null,
    suspended boolean not null,
    channel text not null,
    client_name text,
    software_id text,
    waiting boolean not null,
    created_at timestamptz not null,
    expires_at timestamptz,
    record json not null
  );
  create index client_directory_newest on client_directory (realm, created_at desc, client_id);
  create index client_directory_expiring on client_directory (expires_at)
    where expires_at is not null and status in ('pending', 'active');
  create index client_directory_waiting on client_directory (realm, created_at) where waiting;

  create table initial_access_tokens (
    stream text not null unique collate "C",
    version int not null,
    hash text not null,
    realm text not null collate "C",
    token_id text primary key collate "C",
    issued_at timestamptz not null,
    record json not null
  );

  create table realms (
    stream text not null unique collate "C",
    version int not null,
    hash text not null,
    name text primary key collate "C",
    record json not null
  );

  create table policy_bindings (
    stream text not null unique collate "C",
    version int not null,
    hash text not null,
    realm text primary key collate "C",
    record json not null
  );`;

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
