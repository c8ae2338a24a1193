import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APPEND_LOCK } from '../append-lock.js';

/**
 * The log of record: the events table that nobody can change, claims, decision inputs, and the one append function.
 * The reasons for its shape are in ADR 0001.
 */
export class EventLog1764000000100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(tables);
    await runner.query(appendOnly);
    await runner.query(projectNothing);
    await runner.query(appendFunction);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop function append_events;
      drop function project_rows;
      drop table events, event_claims, decision_inputs, projection_versions;
      drop function refuse_change_of_events;
      drop function maintain_decision_inputs;
      drop function ensure_decision_input_partition`);
  }
}

const tables = `
  create table events (
    position bigint primary key,
    event_id uuid not null unique,
    stream text not null collate "C",
    version int not null,
    type text not null,
    realm text not null,
    recorded_at timestamptz not null,
    body bytea not null,
    unique (stream, version)
  );

  create table event_claims (
    kind text not null collate "C",
    key text not null collate "C",
    position bigint not null,
    primary key (kind, key)
  );

  create table decision_inputs (
    decision_id uuid not null,
    recorded_at timestamptz not null,
    body bytea not null,
    primary key (decision_id, recorded_at)
  ) partition by range (recorded_at);

  create table decision_inputs_other partition of decision_inputs default;

  create function ensure_decision_input_partition(p_month date) returns void language plpgsql as $$
  declare
    first_day date := date_trunc('month', p_month)::date;
    partition_name text := 'decision_inputs_' || to_char(first_day, 'YYYY_MM');
  begin
    if to_regclass(partition_name) is null then
      execute format(
        'create table if not exists %I partition of decision_inputs for values from (%L) to (%L)',
        partition_name, first_day, (first_day + interval '1 month')::date);
    end if;
  end $$;

  -- Makes the partitions of the coming months and drops those that are wholly older than the retention.
  -- Runs with the rights of its owner, because the serving role may neither create nor drop tables.
  create function maintain_decision_inputs(p_retention interval) returns void language plpgsql
  security definer set search_path = public, pg_temp as $$
  declare
    r record;
  begin
    perform ensure_decision_input_partition((now() + make_interval(months => n))::date) from generate_series(0, 2) n;
    for r in
      select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
      where i.inhparent = 'decision_inputs'::regclass and c.relname ~ '^decision_inputs_[0-9]{4}_[0-9]{2}$'
        and to_date(right(c.relname, 7), 'YYYY_MM') + interval '1 month' < now() - p_retention
    loop
      execute format('drop table %I', r.relname);
    end loop;
  end $$;

  select maintain_decision_inputs('400 days');

  -- Which shape of projected rows the append function accepts; changed by a rebuild, in one transaction with the switch.
  create table projection_versions (
    name text primary key,
    active int not null
  );
  insert into projection_versions values ('inline', 1);`;

const appendOnly = `
  create function refuse_change_of_events() returns trigger language plpgsql as $$
  begin
    raise exception 'events are never changed or removed' using errcode = 'insufficient_privilege';
  end $$;

  create trigger events_are_never_changed before update or delete on events
    for each row execute function refuse_change_of_events();
  create trigger events_are_never_truncated before truncate on events
    for each statement execute function refuse_change_of_events();`;

/** The owner of the projected tables replaces this function; the log itself knows none of them. */
const projectNothing = `
  create function project_rows(p_table text[], p_row json[]) returns void language plpgsql as $$
  begin
    if cardinality(p_table) > 0 then
      raise exception 'no projected table is known';
    end if;
  end $$;`;

/**
 * One round trip for a batch of calls, each of which is all or nothing. Every array family is parallel:
 *
 * - p_check_*    the distinct (stream, version) pairs that calls rely on; version 0 = the stream has no event yet
 * - p_use_*      which call relies on which check (1-based index)
 * - p_chain_*    a call that builds on another call of the same batch and fails with it
 * - p_claim_*    what a call claims for itself; a taken claim fails the call
 * - p_event_*    the events, in the order they are to be numbered
 * - p_row_*      projected rows, the newest of a stream wins
 * - p_input_*    decision inputs
 *
 * Answers one row per call: its first position, or the check or claim that failed it.
 */
export const appendFunction = `
  create function append_events(
    p_projection_version int,
    p_calls int,
    p_check_stream text[], p_check_version int[],
    p_use_call int[], p_use_check int[],
    p_chain_call int[], p_chain_on int[],
    p_claim_call int[], p_claim_kind text[], p_claim_key text[],
    p_event_call int[], p_event_id uuid[], p_event_stream text[], p_event_version int[],
    p_event_type text[], p_event_realm text[], p_event_body bytea[],
    p_row_call int[], p_row_stream text[], p_row_version int[], p_row_table text[], p_row json[],
    p_input_call int[], p_input_id uuid[], p_input_body bytea[]
  ) returns table (call int, first_position bigint, conflict_stream text, conflict_version int, conflict_claim text)
  language plpgsql
  set lock_timeout = '2s'
  -- Arrays have a new length each time, for which PostgreSQL would plan every statement anew: more work than running them.
  -- Each read below is by the key of an index, whatever the size of a table when its plan was made.
  set plan_cache_mode = force_generic_plan
  set enable_seqscan = off
  as $$
  declare
    failed int[] := '{}';
    conflicts jsonb := '{}';
    v_head bigint;
    v_now timestamptz;
    v_active int;
    r record;
  begin
    perform pg_advisory_xact_lock(${APPEND_LOCK});
    v_now := clock_timestamp();

    select active into v_active from projection_versions where name = 'inline';
    if v_active is distinct from p_projection_version then
      raise exception 'projection version % is not the active one', p_projection_version using errcode = 'CL001';
    end if;

    for r in
      select u.use_call, c.stream, coalesce(h.version, 0) as actual
      from unnest(p_check_stream, p_check_version) with ordinality as c(stream, version, n)
      left join lateral (
        select e.version from events e where e.stream = c.stream order by e.version desc limit 1
      ) h on true
      join unnest(p_use_call, p_use_check) as u(use_call, use_check) on u.use_check = c.n
      where coalesce(h.version, 0) <> c.version
    loop
      failed := failed || r.use_call;
      conflicts := conflicts || jsonb_build_object(r.use_call, jsonb_build_object('s', r.stream, 'v', r.actual));
    end loop;

    if cardinality(p_claim_call) > 0 then
      for r in
        select c.claim_call, c.kind from unnest(p_claim_call, p_claim_kind, p_claim_key) as c(claim_call, kind, key)
        cross join lateral (select from event_claims t where t.kind = c.kind and t.key = c.key limit 1) taken
      loop
        failed := failed || r.claim_call;
        conflicts := conflicts || jsonb_build_object(r.claim_call, jsonb_build_object('c', r.kind));
      end loop;
    end if;

    -- Chains run forward only, so one pass in order carries a failure to the end of its chain.
    for i in 1 .. coalesce(cardinality(p_chain_call), 0) loop
      if p_chain_on[i] = any (failed) and not p_chain_call[i] = any (failed) then
        failed := failed || p_chain_call[i];
        conflicts := conflicts || jsonb_build_object(p_chain_call[i], conflicts -> p_chain_on[i]::text);
      end if;
    end loop;

    v_head := coalesce((select e.position from events e order by e.position desc limit 1), 0);

    insert into events (position, event_id, stream, version, type, realm, recorded_at, body)
    select v_head + row_number() over (order by e.n), e.id, e.stream, e.version, e.type, e.realm, v_now, e.body
    from unnest(p_event_call, p_event_id, p_event_stream, p_event_version, p_event_type, p_event_realm, p_event_body)
      with ordinality as e(event_call, id, stream, version, type, realm, body, n)
    where not e.event_call = any (failed);

    if cardinality(p_claim_call) > 0 then
      insert into event_claims (kind, key, position)
      select c.kind, c.key, v_head + 1 from unnest(p_claim_call, p_claim_kind, p_claim_key) as c(claim_call, kind, key)
      where not c.claim_call = any (failed);
    end if;

    if cardinality(p_input_call) > 0 then
      insert into decision_inputs (decision_id, recorded_at, body)
      select i.id, v_now, i.body from unnest(p_input_call, p_input_id, p_input_body) as i(input_call, id, body)
      where not i.input_call = any (failed);
    end if;

    if cardinality(p_row_call) > 0 then
      perform project_rows(array_agg(d.table_name), array_agg(d.content)) from (
        select distinct on (w.stream) w.table_name, w.content
        from unnest(p_row_call, p_row_stream, p_row_version, p_row_table, p_row)
          as w(row_call, stream, version, table_name, content)
        where not w.row_call = any (failed)
        order by w.stream, w.version desc
      ) d;
    end if;

    return query
      select n, case when n = any (failed) then null else v_head + f.first end,
             conflicts -> n::text ->> 's', (conflicts -> n::text ->> 'v')::int, conflicts -> n::text ->> 'c'
      from generate_series(1, p_calls) n
      left join (
        select k.event_call, min(k.rank) as first from (
          select e.event_call, row_number() over (order by e.n) as rank
          from unnest(p_event_call) with ordinality as e(event_call, n)
          where not e.event_call = any (failed)
        ) k group by k.event_call
      ) f on f.event_call = n
      order by n;
  end $$;`;
