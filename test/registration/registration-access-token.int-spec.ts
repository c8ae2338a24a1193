import type { Pool } from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { POOL } from '../../src/platform/database/pool.js';
import {
  aLoopbackClient,
  aMachineClient,
  aNameOfItsOwn,
  anUnknownHostClient,
} from '../support/registrations.js';
import type { LooseJson } from '../support/loose-json.js';
import {
  aReplacement,
  configureClientManagement,
  manage,
  registerClient,
  type SelfManagedClient,
} from '../support/managed-client.js';
import { startTestService, type TestService } from '../support/service.js';

let service: TestService;
beforeAll(async () => {
  service = await startTestService();
});
afterEach(() => configureClientManagement(service, {}));
afterAll(() => service.stop());

const ask = (method: string, client: SelfManagedClient, token: string, body?: object) =>
  manage(service, method, client.client_id, token, { body });
const replace = (client: SelfManagedClient, token = client.registration_access_token) =>
  ask('PUT', client, token, aReplacement(client));
const eventTypes = async ({ client_id }: SelfManagedClient): Promise<string[]> => {
  const { items } = (await (await service.admin('GET', `/clients/${client_id}/events`)).json()) as LooseJson;
  return items.map(({ type }: LooseJson) => type);
};

describe('D-6 by default', () => {
  test('M-10 the token is 256 random bits, echoed by a read, kept as a digest', async () => {
    const client = await registerClient(service);
    const token = client.registration_access_token;
    expect(token).toMatch(/^rat_[A-Za-z0-9_-]{43}$/);
    expect((await ask('GET', client, token)).body.registration_access_token).toBe(token);
    const { rows } = await service.database.pool.query(
      `select (select count(*) from events where position(convert_to($1, 'UTF8') in body) > 0)::int as events,
              (select count(*) from client_directory where position($1 in record::text) > 0)::int as rows`,
      [token],
    );
    expect(rows).toEqual([{ events: 0, rows: 0 }]);
  });

  test('M-07 T-15 a read rotates nothing, a replacement does, and the token before is dead at once', async () => {
    const client = await registerClient(service);
    await ask('GET', client, client.registration_access_token);
    const { body: replaced } = await replace(client);
    expect(replaced.registration_access_token).not.toBe(client.registration_access_token);
    expect((await ask('GET', client, client.registration_access_token)).status).toBe(401);
    expect((await ask('GET', client, replaced.registration_access_token)).status).toBe(200);
  });

  test('M-10 K2 the token is good for no other endpoint, and M-01 no other credential for this one', async () => {
    const client = await registerClient(
      service,
      aMachineClient({ token_endpoint_auth_method: 'client_secret_post' }),
    );
    const token = client.registration_access_token;
    const bearer = { Authorization: `Bearer ${token}` };
    expect((await service.register(aLoopbackClient(), bearer)).status).toBe(401);
    expect((await service.request('/admin/v1/clients', { headers: bearer })).status).toBe(401);
    const form = { grant_type: 'client_credentials', client_id: client.client_id, client_secret: token };
    const response = await service.request('/token', { method: 'POST', body: new URLSearchParams(form) });
    expect(response.status).toBe(401);
    expect((await ask('GET', client, client['client_secret'])).status).toBe(401);
    const basic = Buffer.from(`${client.client_id}:${client['client_secret']}`).toString('base64');
    const read = await service.request(`/register/${client.client_id}`, {
      headers: { Authorization: `Basic ${basic}` },
    });
    expect(read.status).toBe(401);
  });
});

describe('M-07 a realm that does not rotate', () => {
  test('answers a replacement with the token that was presented, and goes on accepting it', async () => {
    await configureClientManagement(service, { rotate_registration_access_token: false });
    const client = await registerClient(service);
    const { body: replaced } = await replace(client);
    expect(replaced.registration_access_token).toBe(client.registration_access_token);
    expect((await replace(client)).status).toBe(200);
  });
});

describe('M-09 a grace for a lost answer', () => {
  test('K2 the old token works until the new one is first read with, and an event says when that was', async () => {
    await configureClientManagement(service, { registration_access_token_grace: 60 });
    const client = await registerClient(service);
    const old = client.registration_access_token;
    const { body: replaced } = await replace(client);
    const fresh = replaced.registration_access_token;

    expect(await ask('GET', client, old)).toMatchObject({ status: 200, etag: '"2"' });
    expect(await ask('GET', client, fresh)).toMatchObject({ status: 200, etag: '"3"' });
    expect((await ask('GET', client, old)).status).toBe(401);
    expect(await ask('GET', client, fresh)).toMatchObject({ status: 200, etag: '"3"' });
    expect(await eventTypes(client)).toEqual([
      'client.registered',
      'client.replaced',
      'client.registration_token_rotated',
    ]);
  });

  test('the first use may be a replacement, which needs no further event', async () => {
    await configureClientManagement(service, { registration_access_token_grace: 60 });
    const client = await registerClient(service);
    const second = (await replace(client)).body as SelfManagedClient;
    const third = (await replace(second)).body as SelfManagedClient;
    expect((await ask('GET', client, client.registration_access_token)).status).toBe(401);
    expect((await ask('GET', client, second.registration_access_token)).status).toBe(200);
    expect((await ask('GET', client, third.registration_access_token)).status).toBe(200);
    expect(await eventTypes(client)).toEqual([
      'client.registered',
      'client.replaced',
      'client.replaced',
      'client.registration_token_rotated',
    ]);
  });

  test('a client whose answer was lost repeats the replacement and gets a token again', async () => {
    await configureClientManagement(service, { registration_access_token_grace: 60 });
    const client = await registerClient(service);
    const lost = (await replace(client)).body.registration_access_token;
    const again = (await replace(client)).body.registration_access_token;
    expect((await ask('GET', client, lost)).status).toBe(401);
    expect((await ask('GET', client, again)).status).toBe(200);
    expect((await ask('GET', client, client.registration_access_token)).status).toBe(401);
  });

  test('ends by itself, and repeating does not prolong it', async () => {
    await configureClientManagement(service, { registration_access_token_grace: 2 });
    const client = await registerClient(service);
    const old = client.registration_access_token;
    await replace(client);
    let repeated = 0;
    await expect
      .poll(
        async () => {
          const { status } = await replace(client);
          repeated += status === 200 ? 1 : 0;
          return status;
        },
        { timeout: 8_000, interval: 200 },
      )
      .toBe(401);
    expect(repeated).toBeGreaterThan(0);
    expect((await ask('GET', client, old)).status).toBe(401);
  });

  test('parallel first reads record one first use', async () => {
    await configureClientManagement(service, { registration_access_token_grace: 60 });
    const client = await registerClient(service);
    const { body: replaced } = await replace(client);
    const reads = await Promise.all(
      Array.from({ length: 8 }, () => ask('GET', client, replaced.registration_access_token)),
    );
    expect(reads.map(({ status, etag }) => `${status} ${etag}`)).toEqual(Array(8).fill('200 "3"'));
    expect(await eventTypes(client)).toHaveLength(3);
  });

  test('deletion ends both tokens', async () => {
    await configureClientManagement(service, { registration_access_token_grace: 60 });
    const client = await registerClient(service);
    const { body: replaced } = await replace(client);
    expect((await ask('DELETE', client, client.registration_access_token)).status).toBe(204);
    for (const token of [client.registration_access_token, replaced.registration_access_token])
      expect((await ask('GET', client, token)).status).toBe(401);
  });
});

describe('T-23 a realm where clients do not manage themselves', () => {
  test('R-68 hands out neither of the two members, and answers such a client as an unknown one', async () => {
    await configureClientManagement(service, { enabled: false });
    const client = await registerClient(service);
    expect(client).not.toHaveProperty('registration_access_token');
    expect(client).not.toHaveProperty('registration_client_uri');
    await configureClientManagement(service, { enabled: true });
    for (const method of ['GET', 'PUT', 'DELETE']) {
      const body = method === 'PUT' ? aReplacement(client) : undefined;
      for (const token of ['', 'undefined', 'null', 'rat_wrong'])
        expect((await ask(method, client, token, body)).status).toBe(401);
    }
  });

  test('refuses a client that has a token from before with 403, and knows it again once it is switched on', async () => {
    const client = await registerClient(service);
    const token = client.registration_access_token;
    await configureClientManagement(service, { enabled: false });
    for (const method of ['GET', 'PUT', 'DELETE']) {
      const body = method === 'PUT' ? aReplacement(client) : undefined;
      expect(await ask(method, client, token, body)).toMatchObject({
        status: 403,
        body: { error: 'access_denied', error_description: expect.stringContaining('operator') },
      });
      expect((await ask(method, client, 'rat_wrong', body)).status).toBe(401);
    }
    await configureClientManagement(service, { enabled: true });
    expect(await ask('GET', client, token)).toMatchObject({ status: 200, etag: '"1"' });
  });
});

describe('the realm', () => {
  test('shows how clients manage themselves, and the same configuration again is no event', async () => {
    const shown = async () => (await (await service.admin('GET', '/realms/default')).json()) as LooseJson;
    const before = await shown();
    expect(before.client_management).toEqual({
      enabled: true,
      rotate_registration_access_token: true,
      registration_access_token_grace: 0,
    });
    await configureClientManagement(service, before.client_management);
    expect((await shown()).version).toBe(before.version);
  });

  test.each([
    ['a grace beyond five minutes', { registration_access_token_grace: 301 }],
    ['a negative grace', { registration_access_token_grace: -1 }],
    ['a member that does not exist', { rotate: true }],
  ])('refuses %s', async (_, settings) => {
    await expect(configureClientManagement(service, settings)).rejects.toThrow('client_management');
  });
});

describe('M-02 K1 whoever is not let in', () => {
  /** One client per reason to be refused, and a token that was good for it once, or never was. */
  const refused = async (): Promise<readonly (readonly [string, string, string])[]> => {
    const [wrong, foreign, deleted, denied, expired] = [
      await registerClient(service),
      await registerClient(service),
      await registerClient(service),
      await registerClient(service, anUnknownHostClient(aNameOfItsOwn())),
      await registerClient(service),
    ];
    await ask('DELETE', deleted, deleted.registration_access_token);
    await service.admin('POST', `/clients/${denied.client_id}/deny`, { reason: 'unknown' });
    await service.database.pool.query(
      `update client_directory set record = jsonb_set(record::jsonb, '{expires_at}', '"2026-01-01T00:00:00.000Z"')
       where client_id = $1`,
      [expired.client_id],
    );
    const never = `rat_${'A'.repeat(43)}`;
    return [
      ['an unknown client', `c_${'A'.repeat(22)}`, never],
      ['a wrong token', wrong.client_id, never],
      ['a token of another client', foreign.client_id, wrong.registration_access_token],
      ['a deleted client', deleted.client_id, deleted.registration_access_token],
      ['a denied client', denied.client_id, denied.registration_access_token],
      ['an expired client', expired.client_id, expired.registration_access_token],
    ];
  };

  test('T-10 gets the same 401 for every reason, by every method, never 404', async () => {
    const answers = new Set<string>();
    for (const [, clientId, token] of await refused()) {
      for (const method of ['GET', 'PUT', 'DELETE']) {
        const body = method === 'PUT' ? { client_id: clientId } : undefined;
        const answer = await manage(service, method, clientId, token, { body });
        const headers = [...answer.headers].filter(([name]) => name !== 'x-request-id' && name !== 'date');
        answers.add(JSON.stringify([answer.status, headers, answer.body]));
      }
    }
    expect([...answers]).toEqual([expect.stringMatching(/^\[401,.*invalid_token/)]);
  });

  test('costs the same work for every reason: one look-up, and the comparisons whose time credentials.spec.ts measures', async () => {
    const query = vi.spyOn(service.application.get<Pool>(POOL), 'query');
    const work = new Map<string, unknown[]>();
    for (const [why, clientId, token] of await refused()) {
      query.mockClear();
      expect((await manage(service, 'GET', clientId, token)).status).toBe(401);
      const asked = query.mock.calls.map(([each]) => (each as unknown as { readonly name: string }).name);
      // The relay looks at the log from time to time.
      work.set(
        why,
        asked.filter((name) => name?.startsWith('client')),
      );
    }
    query.mockRestore();
    expect([...work.values()]).toEqual(Array.from({ length: 6 }, () => ['client_directory_lookup']));
  });
});
