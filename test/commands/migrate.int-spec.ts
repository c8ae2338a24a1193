import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { migrations } from '../../src/migrations.js';
import { buildService } from '../process/service-process.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { clientele } from './clientele-process.js';

const names = migrations.map((migration) => migration.name);

let database: TestDatabase;

beforeAll(() => buildService());
beforeEach(async () => {
  database = await createTestDatabase({ migrate: false });
});
afterEach(() => database.drop());

async function tables(): Promise<number> {
  const { rows } = await database.pool.query(
    `select count(*) as tables from pg_class where relnamespace = 'public'::regnamespace`,
  );
  return rows[0].tables as number;
}

describe('clientele migrate', () => {
  it('shows what would run and changes nothing, then runs it, then has nothing to do', async () => {
    const environment = { DATABASE_URL: database.url };
    const dry = await clientele(['migrate', '--dry-run'], environment);
    expect(dry).toEqual({ code: 0, err: '', out: names.map((name) => `would run ${name}\n`).join('') });
    expect(await tables()).toBe(0);
    expect(await clientele(['migrate', '--json'], environment)).toEqual({
      code: 0,
      err: '',
      out: `${JSON.stringify({ ran: names })}\n`,
    });
    expect((await clientele(['migrate'], environment)).out).toBe('The schema is up to date.\n');
  });

  it('needs nothing but an address of the database, in production too, and prefers that of the owner', async () => {
    const { code, out } = await clientele(['migrate'], {
      NODE_ENV: 'production',
      MIGRATION_DATABASE_URL: database.url,
      DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none',
    });
    expect([code, out]).toEqual([0, expect.stringContaining(`ran ${names[0]}`)]);
  });

  it('says which database does not answer, without its password', async () => {
    const { code, err } = await clientele(['migrate'], {
      DATABASE_URL: 'postgres://me:hunter2@127.0.0.1:1/none',
    });
    expect(code).toBe(1);
    expect(err).toContain('127.0.0.1:1');
    expect(err).not.toMatch(/hunter2|^\s+at /m);
  });
});
