import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { EventLog, PROJECTION_VERSION } from '../../platform/event-log/event-log.js';
import { fail, ok, warn, type DatabaseCheck } from './check.js';

/** Triggers that keep events as they are. */
const TRIGGERS = ['events_are_never_changed', 'events_are_never_truncated'];
const SLOW_APPEND_MS = 100;
const SAMPLES = 5;
const PARTITIONED_MONTHS = 2;

/** The log of record and what hangs on it. */
export const logChecks: readonly DatabaseCheck[] = [
  {
    name: 'append-only',
    after: ['schema'],
    async run({ client }) {
      const { rows } = await client.query<{ tgname: string }>(
        `select tgname from pg_trigger where tgrelid = 'events'::regclass and tgname = any ($1) and tgenabled in ('O', 'A')`,
        [TRIGGERS],
      );
      const missing = TRIGGERS.filter((name) => !rows.some(({ tgname }) => tgname === name));
      return missing.length === 0
        ? ok('the triggers that refuse changes of events are in place')
        : fail(
            `trigger ${missing.join(', ')} is missing or disabled`,
            'Find out who did it, prove the log with clientele events export --verify, then create or enable the trigger again.',
          );
    },
  },
  {
    name: 'decision inputs',
    after: ['schema'],
    async run({ client }) {
      const { rows } = await client.query<{ partition: string; exists: boolean }>(
        `select name as partition, to_regclass(name) is not null as exists
         from (select 'decision_inputs_' || to_char(now() + make_interval(months => n), 'YYYY_MM') as name
               from generate_series(0, $1) n) months`,
        [PARTITIONED_MONTHS],
      );
      const missing = rows.filter(({ exists }) => !exists).map(({ partition }) => partition);
      return missing.length === 0
        ? ok(`partitions up to ${rows.at(-1)?.partition} are there`)
        : warn(
            `partition ${missing.join(', ')} is missing`,
            'A running service makes them every minute. Without one, inputs go to decision_inputs_other, which retention never drops.',
          );
    },
  },
  {
    name: 'projection',
    after: ['schema'],
    async run({ client }) {
      const { rows } = await client.query<{ active: number }>(
        `select active from projection_versions where name = 'inline'`,
      );
      const active = rows[0]?.active;
      return active === PROJECTION_VERSION
        ? ok(`version ${PROJECTION_VERSION}, as this build writes it`)
        : fail(
            `the tables have version ${active ?? 'none'}, this build writes version ${PROJECTION_VERSION}`,
            'Every append would be refused. Run the release that fits the database.',
          );
    },
  },
  {
    name: 'log',
    after: ['schema'],
    async run({ client }) {
      const { rows } = await client.query<{ head: string; clients: string; last: Date | null }>(
        `select (select coalesce(max(position), 0) from events) as head,
                (select recorded_at from events order by position desc limit 1) as last,
                (select count(*) from client_directory) as clients`,
      );
      const { head = '0', clients = '0', last = null } = rows[0] ?? {};
      const when = last === null ? '' : `, the last of ${last.toISOString()}`;
      return ok(`${head} events${when}; ${clients} clients in the directory`);
    },
  },
  {
    name: 'append',
    after: ['schema', 'projection'],
    async run({ client }) {
      const times: number[] = [];
      for (let sample = 0; sample < SAMPLES; sample += 1) {
        await client.query('begin read write');
        try {
          const log = new EventLog({
            pool: client as unknown as Pool,
            projections: [],
            recordedBy: 'doctor',
          });
          const begun = performance.now();
          const id = randomUUID();
          await log.append({
            context: {
              realm: 'default',
              occurred_at: new Date().toISOString(),
              actor: { kind: 'system', id: null, method: null },
              source: null,
              request: null,
              correlation_id: id,
              causation_id: null,
              traceparent: null,
              policy: null,
            },
            writes: [
              {
                stream: `doctor:${id}`,
                head: undefined,
                events: [
                  { type: 'client.deleted', data: { client_id: 'doctor', by: 'operator', reason: null } },
                ],
              },
            ],
          });
          times.push(performance.now() - begun);
        } finally {
          await client.query('rollback');
        }
      }
      const median = times.sort((a, b) => a - b)[Math.floor(SAMPLES / 2)] ?? 0;
      const found = `${median.toFixed(1)} ms for an append that is rolled back, the median of ${SAMPLES}`;
      return median <= SLOW_APPEND_MS
        ? ok(found)
        : warn(found, 'Look at the database: latency of the network, locks (pg_locks), disk.');
    },
  },
];
