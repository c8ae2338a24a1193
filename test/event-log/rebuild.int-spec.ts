import { afterAll, beforeAll, expect, test } from 'vitest';
import pg from 'pg';
import { inlineProjections } from '../../src/application/directory/inline-projections.js';
import { ClientUsage } from '../../src/application/usage/client-usage.js';
import { projectionDigest } from '../../src/platform/event-log/projection-digest.js';
import { foldProjection, rebuildProjection } from '../../src/platform/event-log/rebuild-projection.js';
import { aLoopbackClient, anUnknownHostClient } from '../support/registrations.js';
import { startTestService, type TestService } from '../support/service.js';

let service: TestService;
let client: pg.Client;
beforeAll(async () => {
  service = await startTestService();
  client = new pg.Client({ connectionString: service.database.url });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await service.stop();
});

async function aHistory(): Promise<void> {
  const ids: string[] = [];
  for (const body of [
    aLoopbackClient({ client_name: 'Suspended', contacts: ['a@b.example'] }),
    anUnknownHostClient(),
    aLoopbackClient(),
  ]) {
    ids.push(((await (await service.register(body)).json()) as { client_id: string }).client_id);
  }
  await service.admin('POST', `/clients/${ids[1]}/approve`, { reason: 'partner' });
  await service.admin('POST', `/clients/${ids[0]}/suspend`, { reason: 'look' });
  await service.admin('DELETE', `/clients/${ids[2]}`, { reason: 'gone' });
  const { id } = (await (
    await service.admin('POST', '/initial-access-tokens', { reason: 'onboarding' })
  ).json()) as { id: string };
  await service.admin('DELETE', `/initial-access-tokens/${id}`, { reason: 'leaked' });
  await service.application.get(ClientUsage).used('default', ids[1]!);
}

test('I7 every projected table rebuilt from the log is byte-equal to the live one', async () => {
  await aHistory();
  for (const projection of inlineProjections) {
    const live = await projectionDigest(client, projection.table);
    expect(live.rows).toBeGreaterThan(0);
    await rebuildProjection(client, projection);
    expect(await projectionDigest(client, projection.table)).toEqual(live);
  }
});

test('the service goes on registering while the directory is rebuilt, and nothing is lost', async () => {
  const [directory] = inlineProjections;
  const registrations = Array.from({ length: 40 }, () => service.register(aLoopbackClient()));
  const rebuilds = (async () => {
    for (let n = 0; n < 3; n++) await rebuildProjection(client, directory!);
  })();
  const answers = await Promise.all(registrations);
  await rebuilds;
  expect(answers.map((answer) => answer.status)).toEqual(Array.from({ length: 40 }, () => 201));
  const live = await projectionDigest(client, directory!.table);
  await rebuildProjection(client, directory!);
  expect(await projectionDigest(client, directory!.table)).toEqual(live);
  for (const answer of answers) {
    const { client_id } = (await answer.json()) as { client_id: string };
    expect((await service.admin('GET', `/clients/${client_id}`)).status).toBe(200);
  }
});

test('a row that was altered behind the log is put right', async () => {
  const [directory] = inlineProjections;
  const before = await projectionDigest(client, directory!.table);
  await client.query(`update client_directory set status = 'active', suspended = false`);
  expect(await projectionDigest(client, directory!.table)).not.toEqual(before);
  await rebuildProjection(client, directory!);
  expect(await projectionDigest(client, directory!.table)).toEqual(before);
});

test('a check finds a row that was altered, and changes nothing', async () => {
  const [directory] = inlineProjections;
  const check = () => foldProjection(client, directory!, (table) => projectionDigest(client, table));
  const honest = await check();
  expect(honest.live).toEqual(honest.folded);
  await client.query(`update client_directory set client_name = 'somebody else'`);
  const altered = await check();
  expect(altered.live).not.toEqual(altered.folded);
  expect(altered.folded).toEqual(honest.folded);
  await rebuildProjection(client, directory!);
});
