import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aDeniedClient, aLoopbackClient, anUnknownHostClient } from '../support/registrations.js';
import { startTestService, type TestService } from '../support/service.js';

let service: TestService;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service.stop());

interface Registered extends Record<string, unknown> {
  readonly client_id: string;
  readonly registration_access_token: string;
}

async function registered(body: Record<string, unknown> = aLoopbackClient()): Promise<Registered> {
  const response = await service.register(body);
  expect(response.status).toBe(201);
  return (await response.json()) as Registered;
}

const manage = (method: string, clientId: string, token: string | null, body?: unknown) =>
  service.request(`/register/${clientId}`, {
    method,
    headers: {
      ...(token === null ? {} : { Authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });

describe('reading', () => {
  test('answers what was registered, echoes the token and shows no secret again', async () => {
    const client = await registered(aLoopbackClient({ token_endpoint_auth_method: 'client_secret_post' }));
    const response = await manage('GET', client.client_id, client.registration_access_token);
    expect(response.status).toBe(200);
    const { client_secret: _, ...rest } = client;
    expect(await response.json()).toEqual(rest);
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  test('contacts come back in clear although they are stored sealed', async () => {
    const client = await registered(aLoopbackClient({ contacts: ['ops@canary.example'] }));
    const response = await manage('GET', client.client_id, client.registration_access_token);
    expect(await response.json()).toMatchObject({ contacts: ['ops@canary.example'] });
  });

  test('M-01 without a token is 401 with a bare challenge', async () => {
    const client = await registered();
    const response = await manage('GET', client.client_id, null);
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
  });

  test('M-01, M-02 and M-03: a wrong token, an unknown client and a foreign token are the same 401', async () => {
    const [one, other] = [await registered(), await registered()];
    const answers = await Promise.all([
      manage('GET', one.client_id, 'rat_wrong'),
      manage('GET', 'c_unknown', one.registration_access_token),
      manage('GET', other.client_id, one.registration_access_token),
      manage('GET', 'c_%00', one.registration_access_token),
    ]);
    for (const answer of answers) {
      expect(answer.status).toBe(401);
      expect(answer.headers.get('www-authenticate')).toContain('error="invalid_token"');
    }
    const bodies = await Promise.all(answers.map((answer) => answer.text()));
    expect(new Set(bodies).size).toBe(1);
  });
});

describe('replacing', () => {
  const replacement = (client: Registered, overrides: Record<string, unknown> = {}) => ({
    client_id: client.client_id,
    ...aLoopbackClient({ client_name: 'Renamed', ...overrides }),
  });

  test('M-20 omitted members are gone, and M-28 the next read shows the new state', async () => {
    const client = await registered(aLoopbackClient({ client_uri: 'https://acme.example/' }));
    const put = await manage('PUT', client.client_id, client.registration_access_token, replacement(client));
    expect(put.status).toBe(200);
    expect(put.headers.get('etag')).toBe('"2"');
    const updated = (await put.json()) as Registered;
    expect(updated).toMatchObject({ client_name: 'Renamed', client_id: client.client_id });
    expect(updated).not.toHaveProperty('client_uri');
    const read = await manage('GET', client.client_id, updated.registration_access_token);
    expect(await read.json()).toEqual(updated);
  });

  test('D-6 the registration access token rotates, and the old one is dead', async () => {
    const client = await registered();
    const put = await manage('PUT', client.client_id, client.registration_access_token, replacement(client));
    const updated = (await put.json()) as Registered;
    expect(updated.registration_access_token).not.toBe(client.registration_access_token);
    expect((await manage('GET', client.client_id, client.registration_access_token)).status).toBe(401);
  });

  test.each([
    ['M-21 another client_id', { client_id: 'c_other' }],
    ['M-22 registration_access_token', { registration_access_token: 'rat_x' }],
    ['M-22 registration_client_uri', { registration_client_uri: 'https://a.example' }],
    ['M-22 client_secret_expires_at', { client_secret_expires_at: 0 }],
    ['M-22 client_id_issued_at', { client_id_issued_at: 1 }],
    ['M-23 a secret of its own choice', { client_secret: 'cs_chosen' }],
  ])('%s is 400 and changes nothing', async (_, overrides) => {
    const client = await registered();
    const token = client.registration_access_token;
    const put = await manage('PUT', client.client_id, token, { ...replacement(client), ...overrides });
    expect(put.status).toBe(400);
    expect(await put.json()).toMatchObject({ error: 'invalid_client_metadata' });
    expect((await (await manage('GET', client.client_id, token)).json()) as object).toMatchObject({
      client_name: 'Example client',
    });
  });

  test('M-23 the current secret may be part of the body', async () => {
    const client = await registered(aLoopbackClient({ token_endpoint_auth_method: 'client_secret_post' }));
    const put = await manage('PUT', client.client_id, client.registration_access_token, {
      ...replacement(client, { token_endpoint_auth_method: 'client_secret_post' }),
      client_secret: client['client_secret'],
    });
    expect(put.status).toBe(200);
    expect(await put.json()).not.toHaveProperty('client_secret');
  });

  test('M-29 a change to a secret method issues a secret, and back removes it', async () => {
    const client = await registered();
    const confidential = (await (
      await manage(
        'PUT',
        client.client_id,
        client.registration_access_token,
        replacement(client, { token_endpoint_auth_method: 'client_secret_basic' }),
      )
    ).json()) as Registered;
    expect(confidential['client_secret']).toMatch(/^cs_/);
    const back = await manage(
      'PUT',
      client.client_id,
      confidential.registration_access_token,
      replacement(client, { token_endpoint_auth_method: 'none' }),
    );
    expect(await back.json()).not.toHaveProperty('client_secret_expires_at');
  });

  test('P1 a denied replacement is 400 and leaves the client as it was', async () => {
    const client = await registered();
    const put = await manage('PUT', client.client_id, client.registration_access_token, {
      client_id: client.client_id,
      ...aDeniedClient(),
    });
    expect(put.status).toBe(400);
    expect(await put.json()).toMatchObject({ error: 'invalid_redirect_uri' });
    const read = await manage('GET', client.client_id, client.registration_access_token);
    expect(read.headers.get('etag')).toBe('"1"');
  });

  test('M-26 a replacement for review waits beside what is in force until an operator approves it', async () => {
    const client = await registered();
    const put = await manage('PUT', client.client_id, client.registration_access_token, {
      client_id: client.client_id,
      ...anUnknownHostClient(),
    });
    expect(put.status).toBe(200);
    const waiting = (await put.json()) as Registered;
    expect(waiting).toMatchObject({
      client_status: 'active',
      redirect_uris: ['http://127.0.0.1:8765/callback'],
      pending_change: { fields: expect.arrayContaining(['redirect_uris']) },
    });
    const approval = await service.admin('POST', `/clients/${client.client_id}/approve`, {
      reason: 'known partner',
    });
    expect(approval.status).toBe(200);
    const read = await manage('GET', client.client_id, waiting.registration_access_token);
    const after = (await read.json()) as Registered;
    expect(after['redirect_uris']).toEqual(['https://reports.acme.example/oauth/callback']);
    expect(after).not.toHaveProperty('pending_change');
  });

  test('a pending client replaces its request and is judged anew', async () => {
    const client = await registered(anUnknownHostClient());
    const put = await manage('PUT', client.client_id, client.registration_access_token, replacement(client));
    expect(await put.json()).toMatchObject({ client_status: 'active' });
  });

  test('parallel replacements: one wins, the other finds its token rotated away', async () => {
    const client = await registered();
    const puts = await Promise.all(
      ['One', 'Two'].map((client_name) =>
        manage(
          'PUT',
          client.client_id,
          client.registration_access_token,
          replacement(client, { client_name }),
        ),
      ),
    );
    expect(puts.map((put) => put.status).sort()).toEqual([200, 401]);
  });
});

describe('deleting', () => {
  test('M-40 is 204 with an empty body, and everything of the client is dead at once', async () => {
    const client = await registered();
    const response = await manage('DELETE', client.client_id, client.registration_access_token);
    expect(response.status).toBe(204);
    expect(await response.text()).toBe('');
    expect((await manage('DELETE', client.client_id, client.registration_access_token)).status).toBe(401);
    expect((await manage('GET', client.client_id, client.registration_access_token)).status).toBe(401);
  });

  test('parallel deletes record one deletion', async () => {
    const client = await registered();
    const token = client.registration_access_token;
    const answers = await Promise.all([1, 2, 3].map(() => manage('DELETE', client.client_id, token)));
    expect(answers.map((answer) => answer.status).sort()).toEqual([204, 401, 401]);
  });
});

describe('a suspended client', () => {
  test('M-04 may read, but neither replace nor delete, and P4 nothing it does lifts the hold', async () => {
    const client = await registered();
    await service.admin('POST', `/clients/${client.client_id}/suspend`, { reason: 'investigating' });
    const token = client.registration_access_token;
    expect((await manage('GET', client.client_id, token)).status).toBe(200);
    const body = { client_id: client.client_id, ...aLoopbackClient() };
    expect((await manage('PUT', client.client_id, token, body)).status).toBe(403);
    expect((await manage('DELETE', client.client_id, token)).status).toBe(403);
    const shown = await (await service.admin('GET', `/clients/${client.client_id}`)).json();
    expect(shown).toMatchObject({ status: 'active', suspended: true });
  });
});

describe('a client that a person has approved', () => {
  const put = (client: Registered, overrides: Record<string, unknown>) =>
    manage('PUT', client.client_id, client.registration_access_token, {
      client_id: client.client_id,
      ...anUnknownHostClient(overrides),
    });

  test('sends the same metadata again: nothing waits, and nobody is asked again', async () => {
    const client = await registered(anUnknownHostClient());
    await service.admin('POST', `/clients/${client.client_id}/approve`, { reason: 'partner' });
    const same = await put(client, {});
    const body = (await same.json()) as Registered;
    expect(body).toMatchObject({ client_status: 'active' });
    expect(body).not.toHaveProperty('pending_change');
    expect(await (await service.admin('GET', `/clients/${client.client_id}`)).json()).toMatchObject({
      trust: 'approved',
    });
  });

  test('M-29 changes to a secret method under review and gets its secret with the next update', async () => {
    const client = await registered(anUnknownHostClient());
    await service.admin('POST', `/clients/${client.client_id}/approve`, { reason: 'partner' });
    const waiting = (await (
      await put(client, { token_endpoint_auth_method: 'client_secret_basic' })
    ).json()) as Registered;
    expect(waiting).toHaveProperty('pending_change');
    await service.admin('POST', `/clients/${client.client_id}/approve`, { reason: 'still a partner' });
    const again = await put(waiting, { token_endpoint_auth_method: 'client_secret_basic' });
    expect(await again.json()).toMatchObject({
      client_secret: expect.stringMatching(/^cs_/),
      client_status: 'active',
    });
  });
});
