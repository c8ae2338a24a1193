import { afterAll, beforeAll, expect, test } from 'vitest';
import { Housekeeping } from '../../src/application/housekeeping/housekeeping.js';
import { changeBundle, shippedBundle, unpackBundle } from '../support/policy-bundles.js';
import type { LooseJson } from '../support/loose-json.js';
import { aLoopbackClient } from '../support/registrations.js';
import { startTestService, type TestService } from '../support/service.js';

let service: TestService;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service.stop());

/** Lets clients live for a second only. */
async function shortenLives(): Promise<void> {
  const data: LooseJson = JSON.parse((await unpackBundle(shippedBundle())).get('/data.json')!.toString());
  data.profiles.default.obligations.default.client_lifetime = 1;
  const bundle = await changeBundle(shippedBundle(), { '/data.json': JSON.stringify(data) });
  const uploaded = await service.request('/admin/v1/policies', {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${service.configuration.adminToken}`,
      'Content-Type': 'application/gzip',
    },
    body: new Uint8Array(bundle),
  });
  const { digest } = (await uploaded.json()) as { digest: string };
  expect(
    (await service.admin('POST', `/policies/${digest}/activate`, { reason: 'short lives' })).status,
  ).toBe(200);
}

test('a client whose time is over is gone at once, and an event says so afterwards, once', async () => {
  await shortenLives();
  const client = (await (await service.register(aLoopbackClient())).json()) as LooseJson;
  const read = () =>
    service.request(`/register/${client.client_id}`, {
      headers: { Authorization: `Bearer ${client.registration_access_token}` },
    });
  expect((await read()).status).toBe(200);
  await expect.poll(async () => (await read()).status, { timeout: 5_000 }).toBe(401);

  const housekeeping = service.application.get(Housekeeping);
  await Promise.all([housekeeping.run(), housekeeping.run()]);
  const { items } = (await (
    await service.admin('GET', `/clients/${client.client_id}/events`)
  ).json()) as LooseJson;
  expect(items.map((event: LooseJson) => event.type)).toEqual(['client.registered', 'client.expired']);
  const shown = (await (await service.admin('GET', `/clients/${client.client_id}`)).json()) as LooseJson;
  expect(shown.status).toBe('expired');
});

test('decision inputs older than the retention go, with the month they lie in', async () => {
  const { pool } = service.database;
  await pool.query(`select ensure_decision_input_partition('2024-05-01')`);
  await service.application.get(Housekeeping).run();
  const { rows } = await pool.query<{ old: string | null; current: number }>(
    `select to_regclass('decision_inputs_2024_05')::text as old, count(*)::int as current from decision_inputs`,
  );
  expect(rows).toEqual([{ old: null, current: 1 }]);
});
