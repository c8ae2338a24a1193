import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Housekeeping } from '../../src/application/housekeeping/housekeeping.js';
import { UnusedClients } from '../../src/application/housekeeping/unused-clients.js';
import { ClientUsage } from '../../src/application/usage/client-usage.js';
import { Clock } from '../../src/platform/clock.js';
import type { LooseJson } from '../support/loose-json.js';
import { postForm } from '../support/oauth-browser.js';
import { obtainCode, obtainTokens } from '../support/oauth-tokens.js';
import { aLoopbackClient, aNameOfItsOwn, anUnknownHostClient } from '../support/registrations.js';
import { startTestService, type TestService } from '../support/service.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

let service: TestService;
beforeEach(async () => {
  service = await startTestService();
});
afterEach(() => service.stop());

async function register(body: object, headers?: Record<string, string>): Promise<LooseJson> {
  const answer = await service.register(body, headers);
  expect(answer.status).toBe(201);
  return (await answer.json()) as LooseJson;
}

/** Moves the clock of the service and sweeps as housekeeping does. */
async function sweepAfter(milliseconds: number): Promise<void> {
  service.application.get(Clock).now = () => Date.now() + milliseconds;
  await service.application.get(Housekeeping).run();
}

async function shown(clientId: string): Promise<LooseJson> {
  return (await (await service.admin('GET', `/clients/${clientId}`)).json()) as LooseJson;
}

async function live(): Promise<number> {
  const { rows } = await service.database.pool.query<{ count: number }>(
    `select count(*)::int as count from client_directory where status in ('pending', 'active')`,
  );
  return rows[0]!.count;
}

const client = (id: string) => ({ client_id: id, redirect_uri: 'http://127.0.0.1:8765/callback' });

describe('clients that nobody used', () => {
  test('D1 T-17 are gone after a day: registrations leave no rows that live on', async () => {
    for (let n = 0; n < 30; n++) {
      await Promise.all(Array.from({ length: 20 }, () => register(aLoopbackClient())));
    }
    await sweepAfter(DAY_MS - HOUR_MS);
    expect(await live()).toBe(600);
    await sweepAfter(DAY_MS + HOUR_MS);
    expect(await live()).toBe(0);
    const { rows } = await service.database.pool.query<{ data: LooseJson }>(
      `select convert_from(body, 'utf8')::json -> 'data' as data from events where type = 'client.expired'`,
    );
    expect(rows).toHaveLength(600);
    expect(rows.every(({ data }) => data.cause === 'unused')).toBe(true);
  });

  test('M-07 and their registration access token is gone with them', async () => {
    const registered = await register(aLoopbackClient());
    await sweepAfter(DAY_MS + HOUR_MS);
    const read = await service.request(`/register/${registered.client_id}`, {
      headers: { Authorization: `Bearer ${registered.registration_access_token}` },
    });
    expect(read.status).toBe(401);
  });

  test('T-17 a client that was used once stays, and shows when', async () => {
    const [used, unused] = [await register(aLoopbackClient()), await register(aLoopbackClient())];
    expect((await obtainTokens(service, client(used.client_id))).status).toBe(200);
    expect((await shown(used.client_id)).last_used_at).toMatch(/^\d{4}-.*Z$/);
    expect((await shown(unused.client_id)).last_used_at).toBeNull();
    const listed = (await (await service.admin('GET', '/clients')).json()) as LooseJson;
    expect(listed.items.map((item: LooseJson) => item.last_used_at !== null)).toEqual([false, true]);
    await sweepAfter(365 * DAY_MS);
    expect((await shown(used.client_id)).status).toBe('active');
    expect((await shown(unused.client_id)).status).toBe('expired');
  });

  test('T-17 a client that waits for review stays for a month', async () => {
    const { client_id } = await register(anUnknownHostClient());
    await sweepAfter(29 * DAY_MS);
    expect((await shown(client_id)).status).toBe('pending');
    await sweepAfter(31 * DAY_MS);
    expect((await shown(client_id)).status).toBe('expired');
  });

  test('T-17 one that a person approved, that came with a token or that is suspended stays', async () => {
    const approved = await register(anUnknownHostClient());
    await service.admin('POST', `/clients/${approved.client_id}/approve`, { reason: 'partner' });
    const suspended = await register(aLoopbackClient(aNameOfItsOwn()));
    await service.admin('POST', `/clients/${suspended.client_id}/suspend`, { reason: 'look' });
    const { token } = (await (
      await service.admin('POST', '/initial-access-tokens', { reason: 'onboarding' })
    ).json()) as LooseJson;
    const invited = await register(aLoopbackClient(), { Authorization: `Bearer ${token}` });
    await sweepAfter(365 * DAY_MS);
    for (const { client_id } of [approved, suspended, invited]) {
      expect((await shown(client_id)).status).toBe('active');
    }
  });

  test('T-08 one with a live grant stays, also where no use was recorded', async () => {
    const { client_id } = await register(aLoopbackClient());
    await obtainTokens(service, client(client_id));
    await service.database.pool.query('delete from client_usage');
    await service.database.pool.query('alter table events disable trigger events_are_never_changed');
    await service.database.pool.query(`delete from events where type = 'client.used'`);
    await sweepAfter(DAY_MS + HOUR_MS);
    expect((await shown(client_id)).status).toBe('active');
  });

  test('T-17 a use at the same moment wins', async () => {
    const [used, unused] = [await register(aLoopbackClient()), await register(aLoopbackClient())];
    const sweep = service.application.get(UnusedClients);
    const found = sweep.batches.bind(sweep);
    // Used after the sweep has found it, before the sweep has appended anything.
    sweep.batches = async function* batches() {
      for await (const batch of found()) {
        await service.application.get(ClientUsage).used('default', used.client_id);
        yield batch;
      }
    };
    await sweepAfter(DAY_MS + HOUR_MS);
    expect((await shown(used.client_id)).status).toBe('active');
    expect((await shown(unused.client_id)).status).toBe('expired');
  });

  test('T-17 a realm says how long, or that they stay', async () => {
    const { client_id } = await register(aLoopbackClient());
    const realm = (await (await service.admin('GET', '/realms/default')).json()) as LooseJson;
    const { issuer: _issuer, name: _name, configured_at: _at, version: _version, ...body } = realm;
    const configure = (lifetimes: object) =>
      service.admin('PUT', '/realms/default', {
        ...body,
        reason: 'test',
        lifetimes: { ...body.lifetimes, ...lifetimes },
      });
    expect((await configure({ unused_client: null })).status).toBe(200);
    await sweepAfter(365 * DAY_MS);
    expect((await shown(client_id)).status).toBe('active');
    expect((await configure({ unused_client: 60 })).status).toBe(200);
    await sweepAfter(HOUR_MS);
    expect((await shown(client_id)).status).toBe('expired');
  });
});

describe('the use of a client', () => {
  async function uses(): Promise<number> {
    await service.application.get(ClientUsage).settle();
    const { rows } = await service.database.pool.query(`select from events where type = 'client.used'`);
    return rows.length;
  }

  test('is recorded before the first code goes out, and then at most once an hour', async () => {
    const { client_id } = await register(aLoopbackClient());
    const { form } = await obtainCode(service, client(client_id));
    expect(await uses()).toBe(1);
    const answer = await postForm(`${service.url}/token`, form);
    expect(answer.status).toBe(200);
    expect(await uses()).toBe(1);
    service.application.get(Clock).now = () => Date.now() + 2 * HOUR_MS;
    await postForm(`${service.url}/token`, {
      grant_type: 'refresh_token',
      client_id,
      refresh_token: String(answer.body['refresh_token']),
    });
    expect(await uses()).toBe(2);
  });

  test('moves neither the version nor the row of the client', async () => {
    const registered = await register(aLoopbackClient());
    await obtainTokens(service, client(registered.client_id));
    expect((await shown(registered.client_id)).version).toBe(1);
  });

  test('is no use where nothing was issued', async () => {
    const { client_id } = await register(aLoopbackClient());
    const { form } = await obtainCode(service, client((await register(aLoopbackClient())).client_id));
    const answer = await postForm(`${service.url}/token`, { ...form, client_id });
    expect(answer.status).toBe(400);
    expect((await shown(client_id)).last_used_at).toBeNull();
  });
});
