import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RepeatedRegistrations } from '../../src/application/register-client/repeated-registrations.js';
import type { LooseJson } from '../support/loose-json.js';
import { activateSettings } from '../support/policy-activation.js';
import { aLoopbackClient, anUnknownHostClient } from '../support/registrations.js';
import { startTestService, type TestService } from '../support/service.js';

let service: TestService;
let other: TestService;
beforeAll(async () => {
  service = await startTestService();
  // A second instance, on the same database.
  other = await startTestService({ publicUrl: service.url }, service.database);
});
afterAll(async () => {
  await other.stop();
  await service.stop();
});

const register = async (
  body: Record<string, unknown>,
  headers: Record<string, string> = {},
  instance = service,
): Promise<{ status: number; body: LooseJson }> => {
  const response = await instance.register(body, headers);
  return { status: response.status, body: await response.json() };
};
const idOf = async (...asked: Parameters<typeof register>): Promise<string> => {
  const { status, body } = await register(...asked);
  expect(status).toBe(201);
  return body.client_id;
};
const operate = async (clientId: string, intent: string): Promise<void> => {
  const response = await service.admin('POST', `/clients/${clientId}/${intent}`, { reason: 'a test' });
  expect(response.status).toBe(200);
};
const eventsOf = async (type: string, clientId: string): Promise<LooseJson[]> => {
  const { rows } = await service.database.pool.query<{ body: Buffer }>(
    'select body from events where type = $1 order by position',
    [type],
  );
  const events: LooseJson[] = rows.map((row) => JSON.parse(row.body.toString()));
  return events.filter((event) => event.data.client_id === clientId);
};

describe('a profile that does not fold', () => {
  test('R-65 gives every registration a client of its own', async () => {
    const body = aLoopbackClient({ client_name: 'Unfolded' });
    expect(await idOf(body)).not.toBe(await idOf(body));
    expect((await register(body)).body).toHaveProperty('registration_access_token');
  });
});

describe('a profile that folds', () => {
  beforeAll(() => activateSettings(service, { fold: true }));

  test('R-65 answers identical anonymous registrations with one client that nobody owns', async () => {
    const body = aLoopbackClient({ client_name: 'Folded' });
    const first = await register(body);
    const again = await register(Object.fromEntries(Object.entries(body).toReversed()), {}, other);
    for (const { status, body } of [first, again]) {
      expect(status).toBe(201);
      expect(body).not.toHaveProperty('registration_access_token');
      expect(body).not.toHaveProperty('registration_client_uri');
      expect(body).not.toHaveProperty('client_secret');
    }
    expect(again.body).toEqual(first.body);
    expect(await eventsOf('client.registered', first.body.client_id)).toHaveLength(1);
  });

  test('R-65 gives the shared client to nobody, also when an operator asks for a registration access token', async () => {
    const id = await idOf(aLoopbackClient({ client_name: 'Folded and asked for' }));
    const path = `/clients/${id}/rotate-registration-access-token`;
    expect((await service.admin('POST', path, { reason: 'a test' })).status).toBe(409);
  });

  test('D1 T-17 twenty at once on two instances are one row', async () => {
    const body = aLoopbackClient({ client_name: 'Folded at once' });
    const ids = await Promise.all(
      Array.from({ length: 20 }, (_, n) => idOf(body, {}, n % 2 === 0 ? service : other)),
    );
    expect(new Set(ids).size).toBe(1);
    const { rows } = await service.database.pool.query(
      `select client_id from client_directory where client_name = 'Folded at once'`,
    );
    expect(rows).toEqual([{ client_id: ids[0] }]);
  });

  test('counts repetitions in one event, which moves no version', async () => {
    const body = aLoopbackClient({ client_name: 'Counted' });
    const clientId = await idOf(body);
    for (let n = 0; n < 5; n++) expect(await idOf(body)).toBe(clientId);
    expect(await eventsOf('client.registered_again', clientId)).toEqual([]);
    await service.application.get(RepeatedRegistrations).record();
    await service.application.get(RepeatedRegistrations).record();
    expect(await eventsOf('client.registered_again', clientId)).toMatchObject([
      { data: { client_id: clientId, count: 5 } },
    ]);
    const response = await service.register(body);
    expect(response.headers.get('etag')).toBe('"1"');
  });

  test('T-16 gives the same client_id while the client waits for review, and the same after it was approved', async () => {
    const body = anUnknownHostClient({ client_name: 'Waiting' });
    const clientId = await idOf(body);
    expect(await register(body)).toMatchObject({ body: { client_id: clientId, client_status: 'pending' } });
    await operate(clientId, 'approve');
    expect(await register(body)).toMatchObject({ body: { client_id: clientId, client_status: 'active' } });
  });

  test('R-65 never folds what has a secret, contacts, a statement or an initial access token, or is not identical', async () => {
    const body = aLoopbackClient({ client_name: 'Never folded' });
    const shared = await idOf(body);
    const issued = await service.admin('POST', '/initial-access-tokens', {
      reason: 'onboarding',
      max_uses: 2,
    });
    const { token } = (await issued.json()) as { token: string };
    const confidential = { ...body, token_endpoint_auth_method: 'client_secret_basic' };
    const reachable = { ...body, contacts: ['a@b.example'] };
    const ids = [
      await idOf(confidential),
      await idOf(confidential),
      await idOf(reachable),
      await idOf(reachable),
      await idOf(body, { Authorization: `Bearer ${token}` }),
      await idOf(body, { Authorization: `Bearer ${token}` }),
      await idOf({ ...body, client_name: 'Another' }),
    ];
    expect(new Set([shared, ...ids]).size).toBe(ids.length + 1);
  });

  test('lets a new client take the place of one that is gone, for everybody', async () => {
    const body = aLoopbackClient({ client_name: 'Gone' });
    const first = await idOf(body);
    expect(await idOf(body, {}, other)).toBe(first);
    expect((await service.admin('DELETE', `/clients/${first}`, { reason: 'gone' })).status).toBe(200);
    const ids = await Promise.all(
      Array.from({ length: 8 }, (_, n) => idOf(body, {}, n % 2 === 0 ? service : other)),
    );
    expect(new Set(ids).size).toBe(1);
    expect(ids[0]).not.toBe(first);
    // Generation after generation.
    for (let n = 0; n < 10; n++) {
      const { client_id } = (await register(body)).body;
      await service.admin('DELETE', `/clients/${client_id}`, { reason: 'gone' });
    }
    expect(await idOf(body)).toBe(await idOf(body, {}, other));
  });

  test('refuses what an operator suspended, instead of sharing it', async () => {
    const body = aLoopbackClient({ client_name: 'Held' });
    const clientId = await idOf(body);
    await operate(clientId, 'suspend');
    expect(await register(body)).toMatchObject({
      status: 400,
      body: { violations: [{ code: 'identical_client_barred' }] },
    });
    await operate(clientId, 'reinstate');
    expect(await idOf(body)).toBe(clientId);
  });

  test('refuses what is identical to a suspended client that is not the shared one', async () => {
    const body = aLoopbackClient({ client_name: 'Held elsewhere' });
    const clientId = await idOf(body);
    const owned = await idOf({ ...body, contacts: ['a@b.example'] });
    await operate(owned, 'suspend');
    expect((await register(body)).status).toBe(400);
    await operate(owned, 'reinstate');
    expect(await idOf(body)).toBe(clientId);
  });

  test('3.6 claims an Idempotency-Key for the registration that makes the client', async () => {
    const body = aLoopbackClient({ client_name: 'Key and fold' });
    const clientId = await idOf(body, { 'Idempotency-Key': '"fold-key"' });
    expect(await register(body)).toMatchObject({ status: 201, body: { client_id: clientId } });
  });

  test('asks the policy every time: what it denies from now on is denied, shared or not', async () => {
    const body = anUnknownHostClient({ client_name: 'Denied from now on' });
    await idOf(body);
    await activateSettings(service, { fold: true, denied_domains: ['reports.acme.example'] });
    await expect.poll(async () => (await register(body)).status, { timeout: 5_000 }).toBe(400);
  });
});
