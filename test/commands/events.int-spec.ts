import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildService } from '../process/service-process.js';
import type { LooseJson } from '../support/loose-json.js';
import { aLoopbackClient, aNameOfItsOwn } from '../support/registrations.js';
import { startTestService, type TestService } from '../support/service.js';
import { clientele, startClientele, type Finished } from './clientele-process.js';

let service: TestService;
let folder: string;
let clientId: string;
let head: number;
beforeAll(async () => {
  buildService();
  folder = mkdtempSync(path.join(tmpdir(), 'clientele-export-'));
  service = await startTestService();
  const registered = await service.register(aLoopbackClient({ contacts: ['ops@example.com'] }));
  clientId = ((await registered.json()) as LooseJson).client_id;
  await service.register(aLoopbackClient());
  await service.admin('POST', `/clients/${clientId}/suspend`, { reason: 'look' });
  await service.admin('DELETE', `/clients/${clientId}`, { reason: 'gone' });
  head = (await service.database.pool.query('select max(position) as head from events')).rows[0].head;
});
afterAll(async () => {
  await service.stop();
  rmSync(folder, { recursive: true });
});

const run = (...args: string[]): Promise<Finished> =>
  clientele(args, {
    DATABASE_URL: service.database.url,
    PUBLIC_URL: service.url,
    MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
  });
const lines = (text: string): LooseJson[] =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

async function storedBodies(): Promise<Buffer[]> {
  const { rows } = await service.database.pool.query('select body from events order by position');
  return rows.map((row) => row.body as Buffer);
}

/** Changes events as only somebody who owns the table can, for as long as it takes to look. */
async function whileAltered(alter: string, restore: string, look: () => Promise<void>): Promise<void> {
  const { pool } = service.database;
  const altering = (statement: string) =>
    pool.query(`alter table events disable trigger all; ${statement}; alter table events enable trigger all`);
  await altering(alter);
  try {
    await look();
  } finally {
    await altering(restore);
  }
}

describe('clientele events export', () => {
  it('writes the stored bytes, and a digest that sha256sum confirms', async () => {
    const file = path.join(folder, 'all.jsonl');
    const { code, out, err } = await run('events', 'export', '--output', file);
    const written = readFileSync(file);
    expect([code, err]).toEqual([0, expect.stringMatching(/of/)]);
    expect(written.toString()).toBe((await storedBodies()).map((body) => `${body.toString()}\n`).join(''));
    const sha256 = createHash('sha256').update(written).digest('hex');
    expect(out).toBe(`${head} events, last position ${head}, sha256 ${sha256}, every chain intact\n`);
    const proven = await run('events', 'export', '--verify', '--json');
    expect(JSON.parse(proven.out)).toEqual({ events: head, position: head, sha256, faults: 0 });
  });

  it('goes on where an earlier export ended, and never overwrites', async () => {
    const file = path.join(folder, 'resumed.jsonl');
    await run('events', 'export', '--until', '2', '--output', file);
    const refused = await run('events', 'export', '--output', file);
    expect([refused.code, refused.err]).toEqual([2, expect.stringMatching(/exists\. Name another file/)]);
    const { out } = await run('events', 'export', '--after', '2', '--append', '--output', file);
    expect(out).toMatch(new RegExp(`^${head - 2} events, last position ${head}, `));
    expect(lines(readFileSync(file, 'utf8'))).toHaveLength(head);
  });

  it('wraps CloudEvents around them', async () => {
    const { code, out } = await run('events', 'export', '--format', 'cloudevents');
    const bodies = await storedBodies();
    expect(code).toBe(0);
    for (const [index, event] of lines(out).entries()) {
      const data = JSON.parse(bodies[index]!.toString());
      expect(event).toMatchObject({
        specversion: '1.0',
        id: data.event_id,
        source: service.url,
        type: `clientele.${data.type}.v1`,
        subject: data.stream,
        datacontenttype: 'application/json',
        position: String(index + 1),
        data,
      });
    }
    expect(out).toContain(`"data":${bodies[0]!.toString()}}`);
  });

  it.each([
    [
      'an event that was changed',
      `update events set body = convert_to(replace(convert_from(body, 'utf8'), '"active"', '"denied"'), 'utf8')
       where type = 'client.registered'`,
      `update events set body = convert_to(replace(convert_from(body, 'utf8'), '"denied"', '"active"'), 'utf8')
       where type = 'client.registered'`,
      /^position \d+ \(client:default:\S+\) does not continue its stream: version 1 is not what it was/m,
    ],
    [
      'a position that is missing',
      'update events set position = position + 1000 where position = 2',
      'update events set position = position - 1000 where position = 1002',
      /^position 3 \(\S+\) follows position 1: events between are missing$/m,
    ],
    [
      'columns that differ from the bytes',
      `update events set realm = 'other' where position = 1`,
      `update events set realm = 'default' where position = 1`,
      /^position 1 \(realm:default\) has another realm in its columns than in its bytes$/m,
    ],
  ])('finds %s', async (_, alter, restore, message) => {
    await whileAltered(alter, restore, async () => {
      const { code, err, out } = await run('events', 'export', '--verify');
      expect([code, out]).toEqual([1, expect.stringMatching(/NOT AS RECORDED/)]);
      expect(err).toMatch(message);
    });
    expect((await run('events', 'export', '--verify')).code).toBe(0);
  });

  it('ends quietly when nobody reads any more', async () => {
    const { child, finished } = startClientele(['events', 'export'], { DATABASE_URL: service.database.url });
    child.stdout!.destroy();
    expect(await finished).toMatchObject({ code: 0, err: expect.not.stringMatching(/EPIPE|Error|^\s+at /m) });
  });
});

describe('clientele events tail', () => {
  it('shows the newest events as JSON lines where no person reads, sealed', async () => {
    const { code, out } = await run('events', 'tail', '--no-follow');
    const events = lines(out);
    expect([code, events.at(-1)]).toEqual([
      0,
      expect.objectContaining({ position: head, type: 'client.deleted' }),
    ]);
    expect(out).toContain('$sealed');
    expect(out).not.toContain('ops@example.com');
  });

  it('filters by type, family, stream and realm', async () => {
    const types = async (...args: string[]) =>
      lines((await run('events', 'tail', '--no-follow', '--after', '0', ...args)).out).map(
        ({ type }) => type,
      );
    expect(await types('--type', 'client.suspended', '--type', 'policy.*')).toEqual([
      'policy.activated',
      'client.suspended',
    ]);
    expect(await types('--stream', `client:default:${clientId}`)).toEqual([
      'client.registered',
      'client.suspended',
      'client.deleted',
    ]);
    expect((await run('events', 'tail', '--no-follow', '--realm', 'nobody')).out).toBe('');
    const refused = await run('events', 'tail', '--type', 'client.registred');
    expect([refused.code, refused.err]).toEqual([
      2,
      expect.stringMatching(/Did you mean client\.registered\?/),
    ]);
  });

  it('opens personal fields when asked to', async () => {
    const { out } = await run('events', 'tail', '--no-follow', '--after', '0', '--unseal');
    expect(out).toContain('ops@example.com');
    expect(out).not.toContain('$sealed');
  });

  it('follows the log until it is interrupted', async () => {
    const tail = startClientele(['events', 'tail', '--after', String(head)], {
      DATABASE_URL: service.database.url,
    });
    const registered = (await (await service.register(aLoopbackClient(aNameOfItsOwn()))).json()) as LooseJson;
    await tail.untilOut(new RegExp(registered.client_id as string));
    tail.child.kill('SIGINT');
    expect(await tail.finished).toMatchObject({ code: 0, err: '' });
  });
});
