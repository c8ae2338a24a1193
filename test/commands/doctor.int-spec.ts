import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { behavioursBundle } from '../support/policy-bundles.js';
import { createTestDatabase, startTestCluster, type TestDatabase } from '../support/postgres.js';
import { onServer } from '../support/postgres-template.js';
import { aLoopbackClient } from '../support/registrations.js';
import { startTestService, type TestService } from '../support/service.js';
import { buildService } from '../process/service-process.js';
import { clientele } from './clientele-process.js';
import { examined } from './doctor-patient.js';

const fails = (found: RegExp, advice = /./) =>
  expect.objectContaining({
    status: 'fail',
    found: expect.stringMatching(found),
    advice: expect.stringMatching(advice),
  });
const warns = (found: RegExp, advice = /./) =>
  expect.objectContaining({
    status: 'warn',
    found: expect.stringMatching(found),
    advice: expect.stringMatching(advice),
  });

let service: TestService;
let environment: NodeJS.ProcessEnv;
beforeAll(async () => {
  service = await startTestService();
  await service.register(aLoopbackClient({ contacts: ['ops@example.com'] }));
  environment = { DATABASE_URL: service.database.url, PUBLIC_URL: service.url };
});
afterAll(() => service.stop());

/** Breaks something for one examination and repairs it afterwards. */
async function whileBroken(breaking: string, repairing: string, look: () => Promise<void>): Promise<void> {
  await service.database.pool.query(breaking);
  try {
    await look();
  } finally {
    await service.database.pool.query(repairing);
  }
}

describe('a running service', () => {
  it('has nothing that fails, and is not changed by being looked at', async () => {
    const state =
      'select (select max(position) from events) as head, (select count(*) from client_directory) as rows';
    const before = await service.database.pool.query(state);
    const findings = await examined(environment);
    expect(Object.values(findings).filter(({ status }) => status === 'fail')).toEqual([]);
    expect(findings['public url']).toMatchObject({ status: 'ok' });
    expect(findings['policy of default']).toMatchObject({
      status: 'ok',
      found: expect.stringMatching(/^allow/),
    });
    expect(findings['append']).toMatchObject({ status: 'ok' });
    expect(findings['log']?.found).toMatch(/1 clients in the directory/);
    expect((await service.database.pool.query(state)).rows).toEqual(before.rows);
  });
});

describe('keys', () => {
  it('that another master key wrapped are found before the first request', async () => {
    const { 'master key': key } = await examined(environment, { masterKey: randomBytes(32) });
    expect(key).toEqual(fails(/does not open (\d+) of \1 /, /MASTER_KEY is not the key/));
  });

  it('without any master key are found as well', async () => {
    const { 'master key': key } = await examined(environment, { masterKey: undefined });
    expect(key).toEqual(fails(/there is no master key/, /Set MASTER_KEY/));
  });

  it('of which one is of another master key are told apart', async () => {
    await whileBroken(
      `insert into sealing_keys (key_id, wrapped) values ('day:default:2026-01-01', '\\x${'00'.repeat(60)}')`,
      `delete from sealing_keys where key_id = 'day:default:2026-01-01'`,
      async () => {
        const { 'master key': key } = await examined(environment);
        expect(key).toEqual(fails(/does not open 1 of .*day:default:2026-01-01/, /Two master keys/));
      },
    );
  });
});

describe('the log', () => {
  it('without its trigger is a failure', async () => {
    await whileBroken(
      'alter table events disable trigger events_are_never_changed',
      'alter table events enable trigger events_are_never_changed',
      async () => {
        expect((await examined(environment))['append-only']).toEqual(
          fails(/events_are_never_changed is missing or disabled/, /events export --verify/),
        );
      },
    );
  });

  it('of another projection version is a failure, and the append is not tried', async () => {
    await whileBroken(
      `update projection_versions set active = 2`,
      `update projection_versions set active = 1`,
      async () => {
        const { projection, append } = await examined(environment);
        expect(projection).toEqual(fails(/have version 2, this build writes version 1/));
        expect(append).toMatchObject({ status: 'skip', found: 'needs projection' });
      },
    );
  });

  it('without the partition of a coming month is a warning', async () => {
    const { rows } = await service.database.pool.query(
      `select 'decision_inputs_' || to_char(now() + interval '2 months', 'YYYY_MM') as name`,
    );
    await whileBroken(
      `drop table ${rows[0].name}`,
      `select maintain_decision_inputs('400 days')`,
      async () => {
        expect((await examined(environment))['decision inputs']).toEqual(warns(new RegExp(rows[0].name)));
      },
    );
  });
});

describe('the database', () => {
  it('that is down fails, and what needs it is skipped', async () => {
    const findings = await examined({ DATABASE_URL: 'postgres://me:hunter2@127.0.0.1:1/none' });
    expect(findings['database']).toEqual(fails(/127\.0\.0\.1:1 cannot be used: .*ECONNREFUSED/));
    expect(findings['master key']).toMatchObject({ status: 'skip' });
    expect(JSON.stringify(findings)).not.toContain('hunter2');
  });

  it('that lacks migrations says which, and what to run', async () => {
    const empty = await createTestDatabase({ migrate: false });
    const findings = await examined({ DATABASE_URL: empty.url });
    await empty.drop();
    expect(findings['schema']).toEqual(fails(/lacks EventLog1764000000100, /, /clientele migrate/));
    expect(findings['append']).toMatchObject({ status: 'skip', found: 'needs schema' });
  });

  it('of a newer release is a warning', async () => {
    await whileBroken(
      `insert into schema_migrations (timestamp, name) values (1999999999999, 'FromTheFuture1999999999999')`,
      `delete from schema_migrations where timestamp = 1999999999999`,
      async () => expect((await examined(environment))['schema']).toEqual(warns(/FromTheFuture/)),
    );
  });

  it('that does not wait for the disk at commit is a failure', async () => {
    const name = new URL(service.database.url).pathname.slice(1);
    await whileBroken(
      `alter database ${name} set synchronous_commit = off`,
      `alter database ${name} reset synchronous_commit`,
      async () =>
        expect((await examined(environment))['durability']).toEqual(fails(/synchronous_commit off/)),
    );
  });

  it('without fsync is a failure', async () => {
    const cluster = await startTestCluster({ fsync: 'off', full_page_writes: 'off' });
    const { durability } = await examined({ DATABASE_URL: cluster.url });
    await cluster.destroy();
    expect(durability).toEqual(fails(/fsync off, full_page_writes off/, /Turn on fsync, full_page_writes/));
  });

  it('whose clock differs is a warning', async () => {
    const { clock } = await examined(environment, { now: () => Date.now() - 5_000 });
    expect(clock).toEqual(warns(/the database is (49|50)\d\d ms from this machine/, /NTP/));
  });
});

describe('the role, in production', () => {
  const production = () => ({
    ...environment,
    NODE_ENV: 'production',
    ADMIN_TOKEN: 'f'.repeat(64),
    MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
  });
  let role: string;
  let database: TestDatabase;

  beforeAll(async () => {
    role = `serving_${randomBytes(6).toString('hex')}`;
    database = service.database;
    await database.pool.query(`create role ${role} login password 'only-for-tests'`);
    await database.pool.query(`grant select on all tables in schema public to ${role}`);
  });
  afterAll(async () => {
    await database.pool.query(`drop owned by ${role}`);
    await onServer(database.url, (client) => client.query(`drop role ${role}`));
  });

  it('that owns the tables is a warning', async () => {
    expect((await examined(production()))['role']).toEqual(
      warns(/is a superuser and owns the events table/, /MIGRATION_DATABASE_URL/),
    );
  });

  it('is told by what it can do to events', async () => {
    const url = new URL(database.url);
    url.username = role;
    const serving = { ...production(), DATABASE_URL: url.href };
    expect((await examined(serving))['role']).toMatchObject({ status: 'ok' });
    await database.pool.query(`grant update, delete on events to ${role}`);
    expect((await examined(serving))['role']).toEqual(warns(/has UPDATE, DELETE on the events table/));
  });
});

describe('the policy', () => {
  it('that gives no decision fails, and names the realm', async () => {
    const other = await startTestService();
    const uploaded = await other.request('/admin/v1/policies', {
      method: 'POST',
      headers: {
        Authorization: `Bearer ${other.configuration.adminToken}`,
        'Content-Type': 'application/gzip',
      },
      body: new Uint8Array(behavioursBundle()),
    });
    expect(uploaded.status).toBeLessThan(300);
    const { digest } = (await uploaded.json()) as { digest: string };
    await other.database.pool.query(
      `update policy_bindings set record = jsonb_set(record::jsonb, '{active_digest}', to_jsonb($1::text))::json`,
      [digest],
    );
    const findings = await examined({ DATABASE_URL: other.database.url });
    await other.stop();
    expect(findings['policy of default']).toEqual(
      fails(/no decision|no answer|undefined/, /Nothing is admitted in this realm/),
    );
  });

  it('that is not kept fails', async () => {
    const other = await startTestService();
    await other.database.pool.query('delete from policy_bundles');
    const findings = await examined({ DATABASE_URL: other.database.url });
    await other.stop();
    expect(findings['policy of default']).toEqual(fails(/is not kept/));
  });
});

describe('the relay', () => {
  const kafka = { KAFKA_BROKERS: '127.0.0.1:1' };

  it('that nobody leads is a warning where there is Kafka', async () => {
    expect((await examined({ ...environment, ...kafka }))['relay']).toEqual(
      warns(/nobody leads/, /role relay/),
    );
  });

  it('whose cursor is beyond the log would skip events', async () => {
    await whileBroken('update relay_lease set cursor = 99', 'update relay_lease set cursor = 0', async () => {
      expect((await examined(environment))['relay']).toEqual(fails(/-\d+ events behind at position 99/));
    });
  });

  it('cannot do without brokers', async () => {
    const findings = await examined({ ...environment, ...kafka });
    expect(findings['kafka']).toEqual(fails(/127\.0\.0\.1:1|ECONNREFUSED/));
    expect(findings['topics']).toMatchObject({ status: 'skip' });
  });
});

describe('clientele doctor', () => {
  beforeAll(() => buildService());

  it('prints JSON, reports every problem of the environment, and ends with 1', async () => {
    const { code, out } = await clientele(['doctor', '--json'], {
      NODE_ENV: 'production',
      DATABASE_URL: service.database.url,
      MASTER_KEY: Buffer.alloc(32, 8).toString('base64'),
      PORT: 'x',
    });
    const report = JSON.parse(out) as {
      ok: boolean;
      findings: { check: string; status: string; found: string }[];
    };
    const failed = report.findings.filter(({ status }) => status === 'fail');
    expect([code, report.ok]).toEqual([1, false]);
    expect(failed.map(({ check }) => check)).toEqual([
      'configuration',
      'configuration',
      'configuration',
      'master key',
    ]);
    expect(failed.map(({ found }) => found).join()).toMatch(
      /PORT must.*PUBLIC_URL must.*ADMIN_TOKEN \(or ADMIN_TOKEN_FILE\) is missing/s,
    );
  });
});
