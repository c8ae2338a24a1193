import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APPEND_LOCK } from '../append-lock.js';
import { appendFunction as appendFunctionWithoutGuards } from './1764000000100-event-log.js';

/**
 * A claim says who holds it and since when, an append can be guarded by what a lookup finds, and a chained call is told of its
 * stream and never of its neighbour's claim.
 */
export class Guards1764000000800 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(claims);
    await runner.query(guardNothing);
    await runner.query('drop function append_events');
    await runner.query(appendFunction);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop function append_events;
      drop function guarded_state;
      drop function take_over_claims;
      drop function retire_idempotency_keys;
      drop index event_claims_by_age;
      alter table event_claims drop column holder, drop column claimed_at`);
    await runner.query(appendFunctionWithoutGuards);
  }
}

/** What the serving role may do with claims beside making them runs with the rights of their owner, and can do no more. */
const claims = `
  alter table event_claims add column holder text, add column claimed_at timestamptz;
  create index event_claims_by_age on event_claims (kind, claimed_at);

  create function take_over_claims(p_kind text[], p_key text[], p_over text[], p_holder text[], p_position bigint)
  returns void language sql security definer set search_path = public, pg_temp as $$
    update event_claims t set holder = c.holder, position = p_position, claimed_at = clock_timestamp()
    from unnest(p_kind, p_key, p_over, p_holder) as c(kind, key, over, holder)
    where t.kind = c.kind and t.key = c.key and t.holder = c.over
  $$;

  -- Idempotency keys are kept for a day at least, whatever is asked; claims of other kinds for good.
  create function retire_idempotency_keys(p_retention interval) returns bigint language sql
  security definer set search_path = public, pg_temp as $$
    with retired as (
      delete from event_claims
      where kind = 'idempotency' and claimed_at < now() - greatest(p_retention, interval '24 hours')
      returning 1
    )
    select count(*) from retired
  $$`;

/** The owner of the projected tables replaces this function; the log itself knows none of them. */
const guardNothing = `
  create function guarded_state(p_kind text, p_realm text, p_key text, p_now timestamptz)
  returns table (found text, stream text) language sql stable as $$
    select null::text, null::text where false
  $$`;

/**
 * As before, with more arrays:
 *
 * - p_chain_stream  the stream that a chained call builds on
 * - p_guard_*       what a lookup in the call's realm has to find; '' = nothing
 * - p_claim_*       what a call claims, who it is for, and whom it may be taken over from; '' = it must be free
 *
 * Answers one row per call: its first position, or the stream, guard or claim that failed it.
 */
const appendFunction = `
  create function append_events(
    p_projection_version int,
    p_calls int,
    p_check_stream text[], p_check_version int[],
    p_use_call int[], p_use_check int[],
    p_chain_call int[], p_chain_on int[], p_chain_stream text[],
    p_guard_call int[], p_guard_realm text[], p_guard_kind text[], p_guard_key text[], p_guard_found text[],
    p_claim_call int[], p_claim_kind text[], p_claim_key text[], p_claim_holder text[], p_claim_over text[],
    p_event_call int[], p_event_id uuid[], p_event_stream text[], p_event_version int[],
    p_event_type text[], p_event_realm text[], p_event_body bytea[],
    p_row_call int[], p_row_stream text[], p_row_version int[], p_row_table text[], p_row json[],
    p_input_call int[], p_input_id uuid[], p_input_body bytea[]
  ) returns table (call int, first_position bigint, conflict_stream text, conflict_version int,
    conflict_guard text, conflict_claim text, conflict_key text, conflict_found text)
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

    -- What is found later takes the place of what was found before, and is what the call is told.
    if cardinality(p_claim_call) > 0 then
      for r in
        select c.claim_call, c.kind, c.key, t.holder
        from unnest(p_claim_call, p_claim_kind, p_claim_key, p_claim_over) as c(claim_call, kind, key, over)
        cross join lateral (
          select e.holder from event_claims e where e.kind = c.kind and e.key = c.key limit 1
        ) t
        where c.over = '' or t.holder is distinct from c.over
      loop
        failed := failed || r.claim_call;
        conflicts := conflicts
          || jsonb_build_object(r.claim_call, jsonb_build_object('c', r.kind, 'k', r.key, 'f', r.holder));
      end loop;
    end if;

    if cardinality(p_guard_call) > 0 then
      for r in
        select g.guard_call, g.kind, g.key, s.found
        from unnest(p_guard_call, p_guard_realm, p_guard_kind, p_guard_key, p_guard_found)
          as g(guard_call, realm, kind, key, found)
        left join lateral guarded_state(g.kind, g.realm, g.key, v_now) s on true
        where coalesce(s.found, '') <> g.found
      loop
        failed := failed || r.guard_call;
        conflicts := conflicts
          || jsonb_build_object(r.guard_call, jsonb_build_object('g', r.kind, 'k', r.key, 'f', r.found));
      end loop;
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

    -- Chains run forward only, so one pass in order carries a failure to the end of its chain. Whatever the first of them
    -- ran into was its own; the others are told that the stream they build on is not where they thought.
    for i in 1 .. coalesce(cardinality(p_chain_call), 0) loop
      if p_chain_on[i] = any (failed) and not p_chain_call[i] = any (failed) then
        failed := failed || p_chain_call[i];
        conflicts := conflicts || jsonb_build_object(p_chain_call[i], jsonb_build_object(
          's', p_chain_stream[i],
          'v', coalesce((select e.version from events e where e.stream = p_chain_stream[i]
                         order by e.version desc limit 1), 0)));
      end if;
    end loop;

    v_head := coalesce((select e.position from events e order by e.position desc limit 1), 0);

    insert into events (position, event_id, stream, version, type, realm, recorded_at, body)
    select v_head + row_number() over (order by e.n), e.id, e.stream, e.version, e.type, e.realm, v_now, e.body
    from unnest(p_event_call, p_event_id, p_event_stream, p_event_version, p_event_type, p_event_realm, p_event_body)
      with ordinality as e(event_call, id, stream, version, type, realm, body, n)
    where not e.event_call = any (failed);

    if cardinality(p_claim_call) > 0 then
      insert into event_claims (kind, key, position, holder, claimed_at)
      select c.kind, c.key, v_head + 1, c.holder, v_now
      from unnest(p_claim_call, p_claim_kind, p_claim_key, p_claim_holder) as c(claim_call, kind, key, holder)
      where not c.claim_call = any (failed)
      on conflict do nothing;
      if exists (select from unnest(p_claim_over) as o(over) where o.over <> '') then
        perform take_over_claims(array_agg(c.kind), array_agg(c.key), array_agg(c.over), array_agg(c.holder), v_head + 1)
        from unnest(p_claim_call, p_claim_kind, p_claim_key, p_claim_holder, p_claim_over)
          as c(claim_call, kind, key, holder, over)
        where c.over <> '' and not c.claim_call = any (failed);
      end if;
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
             conflicts -> n::text ->> 's', (conflicts -> n::text ->> 'v')::int,
             conflicts -> n::text ->> 'g', conflicts -> n::text ->> 'c',
             conflicts -> n::text ->> 'k', conflicts -> n::text ->> 'f'
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
