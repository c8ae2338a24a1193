import { afterAll, beforeAll, expect, test } from 'vitest';
import { inlineProjections } from '../../src/application/directory/inline-projections.js';
import { streams } from '../../src/contract/streams.js';
import { migrations } from '../../src/migrations.js';
import { migrate } from '../../src/platform/database/migrate.js';
import { createPool } from '../../src/platform/database/pool.js';
import { EventLog } from '../../src/platform/event-log/event-log.js';
import type { CommittedEvent } from '../../src/platform/event-log/event-reader.js';
import { PostgresEventReader } from '../../src/platform/event-log/postgres-event-reader.js';
import { aRegistration } from '../support/event-builders.js';
import { createTestDatabase, startTestCluster, type TestCluster } from '../support/postgres.js';

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startTestCluster();
  await migrate(cluster.url, migrations);
});
afterAll(() => cluster.destroy());

/** Registers on and on until the database is gone; answers the ids that were acknowledged. */
async function writeUntilTheEnd(log: EventLog, writer: number): Promise<string[]> {
  const acknowledged: string[] = [];
  for (let n = 0; ; n++) {
    const clientId = `c_${writer}_${n}`;
    try {
      const result = await log.append(aRegistration(clientId));
      if (result.committed) acknowledged.push(clientId);
    } catch {
      return acknowledged;
    }
  }
}

test('I1 kill -9 of the database in the middle of the load loses nothing that was acknowledged', async () => {
  const pool = createPool(cluster.url);
  const log = new EventLog({ pool, projections: inlineProjections, recordedBy: 'crash-suite' });
  let batches = 0;
  const halfway = new Promise<void>((resolve) => {
    log.onCommitted(() => {
      if (++batches === 40) resolve();
    });
  });
  const writers = Array.from({ length: 8 }, (_, writer) => writeUntilTheEnd(log, writer));
  await halfway;
  await cluster.kill();
  const acknowledged = (await Promise.all(writers)).flat();
  await pool.end();

  await cluster.start();
  const again = createPool(cluster.url);
  const events = await readAll(new PostgresEventReader(again), 0);
  const { rows } = await again.query<{ client_id: string }>('select client_id from client_directory');
  await again.end();

  const recorded = new Set(events.map((event) => event.stream));
  const listed = new Set(rows.map((row) => row.client_id));
  expect(acknowledged.length).toBeGreaterThan(0);
  expect(acknowledged.filter((id) => !recorded.has(streams.client('default', id)))).toEqual([]);
  expect(acknowledged.filter((id) => !listed.has(id))).toEqual([]);
  expect(listed.size).toBe(recorded.size);
  expect(events.map((event) => event.position)).toEqual(events.map((_, index) => index + 1));
});

test('a log that is dumped and restored into a new cluster is read on from the old cursor', async () => {
  const source = createPool(cluster.url);
  const events = await readAll(new PostgresEventReader(source), 0);
  const cursor = Math.floor(events.length / 2);
  const { rows } = await source.query<{ dump: string }>(
    `select json_agg(e order by position)::text as dump from events e`,
  );
  await source.end();

  const target = await createTestDatabase();
  await target.pool.query('insert into events select * from json_populate_recordset(null::events, $1)', [
    rows[0]?.dump,
  ]);
  const reader = new PostgresEventReader(target.pool);
  const readOn = await readAll(reader, cursor);
  expect(readOn.map(identity)).toEqual(events.slice(cursor).map(identity));

  const log = new EventLog({ pool: target.pool, projections: inlineProjections, recordedBy: 'restored' });
  const result = await log.append(aRegistration('c_after_restore'));
  expect(result).toMatchObject({ committed: true, position: events.length + 1 });
  expect((await readAll(reader, events.length)).map((event) => event.position)).toEqual([events.length + 1]);
  await target.drop();
});

async function readAll(reader: PostgresEventReader, after: number): Promise<CommittedEvent[]> {
  const events: CommittedEvent[] = [];
  for (;;) {
    const page = await reader.readAfter(events.at(-1)?.position ?? after, 200);
    if (page.length === 0) return events;
    events.push(...page);
  }
}

function identity({ position, event_id, body }: CommittedEvent): string {
  return `${position} ${event_id} ${body.toString('base64')}`;
}
