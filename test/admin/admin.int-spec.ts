import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aLoopbackClient, aMachineClient, anUnknownHostClient } from '../support/registrations.js';
import type { LooseJson } from '../support/loose-json.js';
import { startTestService, type TestService } from '../support/service.js';

let service: TestService;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service.stop());

async function registeredId(body: Record<string, unknown>): Promise<string> {
  return ((await (await service.register(body)).json()) as { client_id: string }).client_id;
}

async function json(response: Response): Promise<LooseJson> {
  return (await response.json()) as LooseJson;
}

describe('who may', () => {
  test.each([
    ['nobody', {}],
    ['the holder of another token', { Authorization: 'Bearer wrong' }],
    ['the holder of the token by another scheme', { Authorization: 'Basic admin-token-of-the-tests' }],
  ])('%s is 401 problem details', async (_, headers) => {
    const response = await service.request('/admin/v1/clients', {
      headers: headers as Record<string, string>,
    });
    expect(response.status).toBe(401);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect(response.headers.get('www-authenticate')).toMatch(/^Bearer/);
  });

  test('an unknown admin path is a problem, too', async () => {
    const response = await service.admin('GET', '/nothing');
    expect(response.status).toBe(404);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
  });
});

describe('reviewing', () => {
  test('approval makes a pending client active, names the version it approves, and another version is 409', async () => {
    const id = await registeredId(anUnknownHostClient());
    const moved = await service.admin('POST', `/clients/${id}/approve`, { reason: 'partner', version: 9 });
    expect(moved.status).toBe(409);
    expect(await moved.json()).toMatchObject({ type: 'urn:clientele:problem:version_moved', version: 1 });
    const approved = await service.admin('POST', `/clients/${id}/approve`, { reason: 'partner', version: 1 });
    expect(approved.status).toBe(200);
    expect(await approved.json()).toMatchObject({
      client_id: id,
      status: 'active',
      version: 2,
      trust: 'approved',
    });
    const again = await service.admin('POST', `/clients/${id}/approve`, { reason: 'partner' });
    expect(again.status).toBe(409);
  });

  test('denial ends the client: its registration access token is dead', async () => {
    const client = await json(await service.register(anUnknownHostClient({ client_name: 'Turned away' })));
    const denied = await service.admin('POST', `/clients/${client['client_id']}/deny`, {
      reason: 'unknown company',
    });
    expect(await denied.json()).toMatchObject({ status: 'denied' });
    const read = await service.request(`/register/${client['client_id']}`, {
      headers: { Authorization: `Bearer ${client['registration_access_token']}` },
    });
    expect(read.status).toBe(401);
  });

  test.each(['approve', 'deny', 'suspend', 'reinstate'])('%s without a reason is 400', async (intent) => {
    const id = await registeredId(aLoopbackClient());
    const response = await service.admin('POST', `/clients/${id}/${intent}`, {});
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      errors: [{ member: 'reason', problem: expect.any(String) }],
    });
  });

  test('suspending and reinstating place and lift the operator hold', async () => {
    const id = await registeredId(aLoopbackClient());
    const suspended = await json(await service.admin('POST', `/clients/${id}/suspend`, { reason: 'look' }));
    expect(suspended).toMatchObject({ suspended: true, holds: [{ kind: 'operator' }] });
    expect((await service.admin('POST', `/clients/${id}/suspend`, { reason: 'again' })).status).toBe(409);
    const reinstated = await json(
      await service.admin('POST', `/clients/${id}/reinstate`, { reason: 'fine' }),
    );
    expect(reinstated).toMatchObject({ suspended: false, holds: [] });
  });

  test('deleting needs a reason and is final', async () => {
    const id = await registeredId(aLoopbackClient());
    expect((await service.admin('DELETE', `/clients/${id}`, {})).status).toBe(400);
    expect(await json(await service.admin('DELETE', `/clients/${id}`, { reason: 'spam' }))).toMatchObject({
      status: 'deleted',
    });
    expect((await service.admin('POST', `/clients/${id}/approve`, { reason: 'x' })).status).toBe(404);
  });

  test('the history shows every step with actor and reason in clear, and the database holds them sealed', async () => {
    const id = await registeredId(anUnknownHostClient());
    await service.admin('POST', `/clients/${id}/approve`, { reason: 'canary-reason' });
    const { items } = await json(await service.admin('GET', `/clients/${id}/events`));
    expect(items.map((event: LooseJson) => event.type)).toEqual(['client.registered', 'client.approved']);
    expect(items[1]).toMatchObject({
      actor: { kind: 'operator', id: 'admin-token', method: 'admin_token' },
      data: { reason: 'canary-reason', approved_version: 1 },
    });
    const { rows } = await service.database.pool.query(
      `select count(*)::int as n from events where position(convert_to($1, 'UTF8') in body) > 0`,
      ['canary-reason'],
    );
    expect(rows).toEqual([{ n: 0 }]);
  });
});

describe('lists', () => {
  test('page through every client once, newest first, filtered by status and text', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 5; n++)
      ids.push(await registeredId(aLoopbackClient({ client_name: `Paged_100% ${n}` })));
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const query = new URLSearchParams({
        q: 'paged_100%',
        status: 'active',
        limit: '2',
        ...(cursor && { cursor }),
      });
      const page: LooseJson = await json(await service.admin('GET', `/clients?${query.toString()}`));
      seen.push(...page['items'].map((item: LooseJson) => item.client_id));
      cursor = page['next_cursor'];
    }
    expect(seen).toEqual(ids.toReversed());
  });

  test('a malformed query is 400 naming the parameter', async () => {
    const response = await service.admin('GET', '/clients?status=sleeping&limit=0');
    expect(response.status).toBe(400);
    const { errors } = await json(response);
    expect(errors.map((error: LooseJson) => error.member)).toEqual(['status', 'limit']);
  });

  test('a NUL or a foreign cursor in a query is no server error', async () => {
    expect((await service.admin('GET', '/clients?q=%00')).status).toBeLessThan(500);
    expect((await service.admin('GET', '/clients?cursor=%00%ff')).status).toBeLessThan(500);
    expect((await service.admin('GET', '/clients?realm=%00')).status).toBeLessThan(500);
    expect((await service.admin('GET', '/clients/%00')).status).toBe(404);
    expect((await service.admin('GET', '/clients/%00/events')).status).toBe(404);
    expect((await service.admin('DELETE', '/initial-access-tokens/%00', { reason: 'x' })).status).toBe(400);
  });
});

describe('initial access tokens', () => {
  const issue = async (body: Record<string, unknown> = {}) =>
    json(await service.admin('POST', '/initial-access-tokens', { reason: 'onboarding', ...body }));
  const registerWith = (token: string, body = aMachineClient()) =>
    service.register(body, { Authorization: `Bearer ${token}` });

  test('20 parallel uses of a single-use token give exactly one 201', async () => {
    const { token } = await issue({ max_uses: 1 });
    const answers = await Promise.all(Array.from({ length: 20 }, () => registerWith(token)));
    const statuses = answers.map((answer) => answer.status);
    expect(statuses.filter((status) => status === 201)).toHaveLength(1);
    expect(statuses.filter((status) => status === 401)).toHaveLength(19);
  });

  test('a token with five uses admits five of ten', async () => {
    const { token, id } = await issue({ max_uses: 5 });
    const answers = await Promise.all(Array.from({ length: 10 }, () => registerWith(token)));
    expect(answers.filter((answer) => answer.status === 201)).toHaveLength(5);
    const { items } = await json(await service.admin('GET', '/initial-access-tokens'));
    expect(items.find((item: LooseJson) => item.id === id)).toMatchObject({
      uses: 5,
      max_uses: 5,
      revoked: false,
    });
  });

  test('a machine client with a token is active at once', async () => {
    const { token } = await issue();
    expect(await json(await registerWith(token))).toMatchObject({ client_status: 'active' });
  });

  test('R-10 an unknown, a revoked and an expired token are 401 invalid_token', async () => {
    const { token, id } = await issue({ max_uses: null });
    await service.admin('DELETE', `/initial-access-tokens/${id}`, { reason: 'leaked' });
    for (const presented of [token, 'iat_unknown', `iat_${'0'.repeat(24)}_${'a'.repeat(43)}`]) {
      const response = await registerWith(presented);
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toContain('error="invalid_token"');
    }
  });

  test('constraints narrow, and M-27 they stick through a later replacement', async () => {
    const { token } = await issue({ constraints: { redirect_hosts: ['reports.acme.example'] } });
    const response = await registerWith(token, anUnknownHostClient());
    const client = await json(response);
    expect(client).toMatchObject({ client_status: 'active' });
    const put = await service.request(`/register/${client['client_id']}`, {
      method: 'PUT',
      headers: {
        'Content-Type': 'application/json',
        Authorization: `Bearer ${client['registration_access_token']}`,
      },
      body: JSON.stringify({
        client_id: client['client_id'],
        ...anUnknownHostClient({ redirect_uris: ['https://elsewhere.acme.example/cb'] }),
      }),
    });
    expect(put.status).toBe(400);
  });

  test('the token text is nowhere but in the one answer', async () => {
    const { token } = await issue();
    const { rows } = await service.database.pool.query(
      `select count(*)::int as n from events where position(convert_to($1, 'UTF8') in body) > 0`,
      [token],
    );
    expect(rows).toEqual([{ n: 0 }]);
    expect(JSON.stringify(await json(await service.admin('GET', '/initial-access-tokens')))).not.toContain(
      token,
    );
  });
});

describe('the event feed', () => {
  test('runs forward from a cursor and misses nothing', async () => {
    const start = (await json(await service.admin('GET', '/events?limit=500')))['next_cursor'] as number;
    const ids = [await registeredId(aLoopbackClient()), await registeredId(aLoopbackClient())];
    const first = await json(await service.admin('GET', `/events?after=${start}&limit=1`));
    const second = await json(await service.admin('GET', `/events?after=${first['next_cursor']}&limit=1`));
    expect([...first['items'], ...second['items']].map((event: LooseJson) => event.data.client_id)).toEqual(
      ids,
    );
    const empty = await json(await service.admin('GET', `/events?after=${second['next_cursor']}`));
    expect(empty).toEqual({ items: [], next_cursor: second['next_cursor'] });
  });

  test('begins with the default realm and its policy', async () => {
    const { items } = await json(await service.admin('GET', '/events?limit=2'));
    expect(items.map((event: LooseJson) => event.type)).toEqual(['realm.configured', 'policy.activated']);
    expect(items[0]).toMatchObject({ position: 1, stream: 'realm:default', actor: { kind: 'system' } });
  });
});
