import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When clients were used, and what instances tell each other about rate limits. */
export class ClientUsage1764000001100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(tables);
    await runner.query(projectUsage);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`${removeProjection}
      drop index oauth_models_grants_by_client;
      drop table client_usage, rate_limits`);
  }
}

/**
 * `rate_limits` is unlogged: after a crash every bucket is full again, which is what the instances are, too. It has no
 * further index, so that its updates stay within their pages.
 */
const tables = `
  create table client_usage (
    stream text primary key collate "C",
    version int not null,
    hash text not null,
    realm text not null collate "C",
    client_id text not null collate "C",
    first_used_at timestamptz not null,
    last_used_at timestamptz not null,
    record json not null
  );

  create unlogged table rate_limits (
    key bytea primary key,
    empty_at timestamptz not null
  ) with (fillfactor = 50);

  -- The sweep of unused clients asks who has a live grant.
  create index oauth_models_grants_by_client on oauth_models (realm, (payload ->> 'clientId')) where model = 'Grant';`;

/** What the append does for the new table. Between the marks, so that it can be taken out again. */
const block = `
    -- client_usage
    if 'client_usage' = any (p_table) then
      insert into client_usage (stream, version, hash, realm, client_id, first_used_at, last_used_at, record)
      select d.stream, d.version, d.hash, d.realm, d.client_id, d.first_used_at, d.last_used_at, d.record
      from unnest(p_table, p_row) as u(table_name, content)
      cross join lateral json_populate_record(null::client_usage, u.content) d
      where u.table_name = 'client_usage'
      on conflict (stream) do update set
        version = excluded.version, hash = excluded.hash, realm = excluded.realm, client_id = excluded.client_id,
        first_used_at = excluded.first_used_at, last_used_at = excluded.last_used_at, record = excluded.record
      where client_usage.version < excluded.version;
    end if;
    -- end of client_usage
`;

/** Adds the block to the function as it is, whatever other migrations have added to it. */
const projectUsage = `
  do $migration$
  declare
    definition text := pg_get_functiondef('project_rows(text[], json[])'::regprocedure);
    body_end text := substring(definition from '\\mend\\s*;?\\s*\\$function\\$\\s*$');
  begin
    if body_end is null then
      raise exception 'project_rows does not end as expected';
    end if;
    execute left(definition, length(definition) - length(body_end)) || $block$${block}$block$ || body_end;
  end $migration$`;

const removeProjection = `
  do $migration$
  begin
    execute regexp_replace(pg_get_functiondef('project_rows(text[], json[])'::regprocedure),
      '-- client_usage\\n.*-- end of client_usage\\n', '');
  end $migration$;`;
