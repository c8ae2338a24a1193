// Many clients at once: what so many registrations would have left behind, written by SQL.
import { APPEND_LOCK } from '../../dist/platform/event-log/append-lock.js';

const BATCH = 10_000;

const base64url = (bytes) => `translate(encode(${bytes}, 'base64'), E'+/=\\n', '-_')`;

/**
 * Copies the newest registration under new ids, with new digests and times. What the log promises holds for the copies:
 * positions without gaps, canonical bytes, true hashes of the policy input and of the event. Only the sealed values
 * (address, user agent) are those of the original, and the names of clients repeat.
 */
const COPY = `
  with original as (
    select e.event_id, e.type, e.realm, convert_from(e.body, 'UTF8') as body, d as directory_row, d.client_id,
      d.record::text as record, d.record ->> 'created_at' as time,
      d.record -> 'registration_access_token' ->> 'digest' as digest,
      i.decision_id, convert_from(i.body, 'UTF8') as input
    from client_directory d
    join events e on e.stream = d.stream and e.version = 1
    join decision_inputs i on i.decision_id = (d.record -> 'decision' ->> 'decision_id')::uuid
    where e.position = $1
  ), fresh as materialized (
    select n, uuidv7() as new_event, uuidv7() as new_decision,
      'c_' || ${base64url('uuid_send(gen_random_uuid())')} as new_client,
      ${base64url('sha256(uuid_send(gen_random_uuid()))')} as new_digest,
      to_char((clock_timestamp() - make_interval(secs => ($2 - n) * 0.01)) at time zone 'UTC',
        'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as new_time
    from generate_series(1, $2) n
  ), inputs as materialized (
    select f.*, o.*, convert_to(replace(o.input, o.time, f.new_time), 'UTF8') as new_input
    from fresh f cross join original o
  ), bodies as materialized (
    select i.*, convert_to(replace(replace(replace(replace(replace(replace(i.body,
        i.client_id, new_client), i.digest, new_digest), i.time, new_time),
        i.event_id::text, new_event::text), i.decision_id::text, new_decision::text),
        ${base64url("sha256(convert_to(i.input, 'UTF8'))")}, ${base64url('sha256(new_input)')}), 'UTF8') as new_body,
      replace(replace(replace(replace(i.record,
        i.client_id, new_client), i.digest, new_digest), i.time, new_time),
        i.decision_id::text, new_decision::text)::json as new_record,
      'client:' || i.realm || ':' || new_client as new_stream
    from inputs i
  ), appended as (
    insert into events (position, event_id, stream, version, type, realm, recorded_at, body)
    select (select max(position) from events) + n, new_event, new_stream, 1, type, realm, clock_timestamp(), new_body
    from bodies order by n
  ), remembered as (
    insert into decision_inputs (decision_id, recorded_at, body)
    select new_decision, clock_timestamp(), new_input from bodies
  )
  insert into client_directory
  select p.* from bodies b cross join lateral json_populate_record(b.directory_row, json_build_object(
    'stream', new_stream, 'client_id', new_client, 'hash', ${base64url('sha256(new_body)')},
    'created_at', new_time, 'record', new_record)) p
  order by n`;

/**
 * Fills a database until it holds so many clients. At least one must have been registered before.
 *
 * @param {import('pg').Pool} pool
 * @param {number} clients in all
 * @param {(line: string) => void} say
 */
export async function fillDirectory(pool, clients, say) {
  const { rows } = await pool.query(
    `select max(position) as original from events where type = 'client.registered'`,
  );
  const [{ original }] = rows;
  for (;;) {
    const count = await pool.query('select count(*)::int as stored from client_directory');
    const missing = clients - count.rows[0].stored;
    if (missing <= 0) break;
    say(
      `${count.rows[0].stored.toLocaleString('en-GB')} of ${clients.toLocaleString('en-GB')} clients stored`,
    );
    await copyRegistration(pool, original, Math.min(missing, BATCH));
  }
  await pool.query('vacuum analyze events');
  await pool.query('vacuum analyze client_directory');
  await pool.query('analyze decision_inputs');
  await pool.query('checkpoint');
}

async function copyRegistration(pool, original, count) {
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query("set local work_mem = '512MB'");
    await client.query('select pg_advisory_xact_lock($1)', [APPEND_LOCK]);
    await client.query(COPY, [original, count]);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw error;
  } finally {
    client.release();
  }
}
