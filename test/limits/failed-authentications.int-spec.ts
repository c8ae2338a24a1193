import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LooseJson } from '../support/loose-json.js';
import { basic, postForm } from '../support/oauth-browser.js';
import { aLoopbackClient, aMachineClient } from '../support/registrations.js';
import { startTestService, type TestService } from '../support/service.js';

let service: TestService;
beforeAll(async () => {
  service = await startTestService({
    rateLimits: { address: null, sameRequest: null, shared: null, token: null, failures: 5 },
    trustedProxies: ['127.0.0.1'],
  });
});
afterAll(() => service.stop());

const WRONG = `cs_${'A'.repeat(43)}`;
const from = (address: string) => ({ 'X-Forwarded-For': address });

async function aMachine(): Promise<LooseJson> {
  const token = (await (
    await service.admin('POST', '/initial-access-tokens', { reason: 'test' })
  ).json()) as LooseJson;
  const answer = await service.register(aMachineClient(), { Authorization: `Bearer ${token.token}` });
  return (await answer.json()) as LooseJson;
}

async function statusesOf(
  times: number,
  attempt: () => Promise<{ readonly status: number }>,
): Promise<number[]> {
  const found: number[] = [];
  for (let n = 0; n < times; n++) found.push((await attempt()).status);
  return found;
}

const fiveThenWait = [401, 401, 401, 401, 401, 429, 429];

describe('R-104 guessing the secret of a client', () => {
  test.each(['/token', '/introspect', '/revoke', '/par'])(
    'at %s is slowed down, from that address only',
    async (path) => {
      const { client_id, client_secret } = await aMachine();
      const post = (secret: string, address: string) =>
        postForm(
          `${service.url}${path}`,
          { grant_type: 'client_credentials', token: 'x' },
          { ...basic(client_id, secret), ...from(address) },
        );
      const address = `192.0.2.${path.length}`;
      expect(await statusesOf(7, () => post(WRONG, address))).toEqual(fiveThenWait);
      const answer = await post(client_secret, address);
      expect(answer.status).toBe(429);
      expect(answer.body).toEqual({ error: 'too_many_requests', error_description: expect.any(String) });
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
      expect(answer.headers.get('access-control-allow-origin')).toBe('*');
      expect((await post(client_secret, '198.51.100.1')).status).not.toBe(429);
      const other = await aMachine();
      const neighbour = await postForm(
        `${service.url}${path}`,
        { grant_type: 'client_credentials', token: 'x' },
        { ...basic(other.client_id, other.client_secret), ...from(address) },
      );
      expect(neighbour.status).not.toBe(429);
    },
  );

  test('by its client_id in the form is the same', async () => {
    const { client_id } = await aMachine();
    const post = () =>
      postForm(
        `${service.url}/token`,
        { grant_type: 'client_credentials', client_id, client_secret: WRONG },
        from('192.0.2.50'),
      );
    expect(await statusesOf(7, post)).toEqual(fiveThenWait);
  });
});

describe('R-104 guessing a registration access token', () => {
  test.each(['GET', 'PUT', 'DELETE'])('with %s is slowed down, and other clients are not', async (method) => {
    const client = (await (await service.register(aLoopbackClient())).json()) as LooseJson;
    const address = `192.0.3.${method.length}${method.charCodeAt(0) % 10}`;
    const ask = (token: string, id: string) =>
      service.request(`/register/${id}`, {
        method,
        headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json', ...from(address) },
        ...(method === 'PUT' && { body: '{}' }),
      });
    expect(await statusesOf(7, () => ask('rat_wrong', client.client_id))).toEqual(fiveThenWait);
    const answer = await ask(client.registration_access_token, client.client_id);
    expect(answer.status).toBe(429);
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    const other = (await (await service.register(aLoopbackClient())).json()) as LooseJson;
    expect((await ask(other.registration_access_token, other.client_id)).status).not.toBe(429);
  });
});

describe('R-104 guessing an initial access token', () => {
  test('is slowed down, and registering without one goes on', async () => {
    const address = '192.0.2.60';
    const headers = { Authorization: `Bearer iat_${'0'.repeat(24)}_${'A'.repeat(43)}`, ...from(address) };
    expect(await statusesOf(7, () => service.register(aLoopbackClient(), headers))).toEqual(fiveThenWait);
    expect((await service.register(aLoopbackClient(), from(address))).status).toBe(201);
  });

  test('of many ids counts for the address', async () => {
    const address = '192.0.2.61';
    let id = 0;
    const attempt = () =>
      service.register(aLoopbackClient(), {
        Authorization: `Bearer iat_${String(id++).padStart(24, '0')}_${'A'.repeat(43)}`,
        ...from(address),
      });
    const found = await statusesOf(60, attempt);
    expect(found.filter((status) => status === 401)).toHaveLength(50);
    expect(found.filter((status) => status === 429)).toHaveLength(10);
  });
});

describe('R-104 guessing the admin token', () => {
  test('is slowed down, and the operator behind the same address never waits', async () => {
    const headers = from('192.0.2.70');
    const guess = () =>
      service.request('/admin/v1/clients', { headers: { ...headers, Authorization: 'Bearer wrong' } });
    expect(await statusesOf(7, guess)).toEqual(fiveThenWait);
    const refused = await guess();
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect(await refused.json()).toMatchObject({
      type: 'urn:clientele:problem:too_many_requests',
      status: 429,
    });
    const right = await service.request('/admin/v1/clients', {
      headers: { ...headers, Authorization: `Bearer ${service.configuration.adminToken}` },
    });
    expect(right.status).toBe(200);
  });
});
