import { afterEach, describe, expect, test } from 'vitest';
import { ThrottledRegistrations } from '../../src/application/rate-limits/throttled-registrations.js';
import { isSealed } from '../../src/contract/sealed.js';
import { Sealer } from '../../src/platform/crypto/sealer.js';
import { LimitExchange } from '../../src/platform/rate-limits/limit-exchange.js';
import type { LooseJson } from '../support/loose-json.js';
import { aDeniedClient, aLoopbackClient } from '../support/registrations.js';
import { scrape } from '../support/scrape.js';
import { startTestService, type TestService } from '../support/service.js';

const none = { address: null, sameRequest: null, shared: null, token: null, failures: null };

let service: TestService;
afterEach(() => service.stop());

async function events(type: string): Promise<LooseJson[]> {
  const { rows } = await service.database.pool.query<{ body: Buffer }>(
    'select body from events where type = $1 order by position',
    [type],
  );
  return rows.map(({ body }) => JSON.parse(body.toString('utf8')));
}

async function statuses(
  times: number,
  attempt: (n: number) => Promise<Response>,
): Promise<Record<number, number>> {
  const counts: Record<number, number> = {};
  for (let n = 0; n < times; n++) {
    const { status } = await attempt(n);
    counts[status] = (counts[status] ?? 0) + 1;
  }
  return counts;
}

async function aToken(): Promise<Record<string, string>> {
  const answer = await service.admin('POST', '/initial-access-tokens', {
    reason: 'onboarding',
    max_uses: null,
  });
  return { Authorization: `Bearer ${((await answer.json()) as { token: string }).token}` };
}

const from = (address: string) => ({ 'X-Forwarded-For': address });
const start = (limits: Partial<typeof none> | Record<string, number>, more: object = {}) =>
  startTestService({ rateLimits: { ...none, ...limits }, trustedProxies: ['127.0.0.1'], ...more });

describe('a registration over a limit', () => {
  test('R-09 D-5 R-71 gets 429 in OAuth JSON with Retry-After, readable by browsers, and no decision', async () => {
    service = await start({ sameRequest: 1 });
    expect(await statuses(10, () => service.register(aLoopbackClient()))).toEqual({ 201: 10 });
    const answer = await service.register(aLoopbackClient());
    expect(answer.status).toBe(429);
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    expect(answer.headers.get('access-control-expose-headers')).toContain('Retry-After');
    const seconds = Number(answer.headers.get('retry-after'));
    expect(seconds).toSatisfy((value: number) => Number.isInteger(value) && value > 50 && value <= 60);
    expect(await answer.json()).toEqual({
      error: 'too_many_requests',
      error_description: `too many registrations; try again in ${seconds} seconds`,
    });

    const { rows } = await service.database.pool.query('select from decision_inputs');
    expect(rows).toHaveLength(10);
    expect(await events('client.registered')).toHaveLength(10);
    expect(await events('registration.throttled')).toHaveLength(0);
    expect(
      (await scrape(service)).value('clientele_throttled_requests_total', { limit: 'same_request' }),
    ).toBe(1);
  });

  test('R-09 denied and malformed requests count as well', async () => {
    service = await start({ address: 1 });
    expect(await statuses(5, () => service.register('{'))).toEqual({ 400: 5 });
    expect(await statuses(7, () => service.register(aDeniedClient()))).toEqual({ 400: 5, 429: 2 });
    expect(await events('registration.refused')).toHaveLength(5);
  });

  test('D3 an address is the one that a trusted proxy names, and another one is not touched', async () => {
    service = await start({ address: 1 });
    const post = (address: string) => service.register(aLoopbackClient(), from(address));
    expect(await statuses(12, () => post('192.0.2.1'))).toEqual({ 201: 10, 429: 2 });
    expect((await post('192.0.2.2')).status).toBe(201);
    expect(await statuses(12, (n) => post(`2001:db8::${n + 1}`))).toEqual({ 201: 10, 429: 2 });
  });

  test('D2 token holders go on while strangers are over every limit', async () => {
    service = await start({ address: 1, sameRequest: 1, shared: 1, token: 600 });
    const headers = await aToken();
    expect(await statuses(30, () => service.register(aLoopbackClient()))).toEqual({ 201: 10, 429: 20 });
    expect(await statuses(30, () => service.register(aLoopbackClient(), headers))).toEqual({ 201: 30 });
    expect((await service.admin('GET', '/clients')).status).toBe(200);
  });
});

describe('what was turned away', () => {
  test('becomes one event per limit and subject, with the address sealed', async () => {
    service = await start({ address: 1, token: 1 });
    const headers = await aToken();
    await statuses(15, () => service.register(aLoopbackClient(), from('192.0.2.7')));
    await statuses(12, () => service.register(aLoopbackClient(), headers));
    await service.application.get(ThrottledRegistrations).flush();
    await service.application.get(ThrottledRegistrations).flush();
    const throttled = (await events('registration.throttled')).toSorted((a, b) =>
      String(a['data'].limit).localeCompare(b['data'].limit),
    );
    expect(throttled.map(({ data }) => [data.limit, data.requests])).toEqual([
      ['address', 5],
      ['initial_access_token', 2],
    ]);
    const [byAddress, byToken] = throttled;
    expect(byAddress!.stream).toBe(`throttled:${byAddress!.event_id}`);
    expect(isSealed(byAddress!.data.key)).toBe(true);
    expect(JSON.stringify(throttled)).not.toContain('192.0.2.7');
    expect(await service.application.get(Sealer).unseal(byAddress!.data.key)).toBe('192.0.2.7');
    expect(byToken!.data.key).toMatch(/^[0-9a-f]{24}$/);
    expect(byAddress!.data.first_at <= byAddress!.data.last_at).toBe(true);
  });

  test('is bounded: beyond a hundred subjects the rest is one count', async () => {
    service = await start({ address: 1 });
    for (let n = 0; n < 110; n++) {
      service.application.get(ThrottledRegistrations).count({
        realm: 'default',
        limit: 'address',
        subject: `192.0.2.${n}`,
      });
    }
    await service.application.get(ThrottledRegistrations).flush();
    const throttled = await events('registration.throttled');
    expect(throttled).toHaveLength(101);
    expect(throttled.find(({ data }) => data.limit === 'others')!.data).toMatchObject({
      key: null,
      requests: 10,
    });
  });

  test('is told at the end of the process, after the last request', async () => {
    const database = (service = await start({ address: 1 })).database;
    const other = await startTestService({ rateLimits: { ...none, address: 1 } }, database);
    for (let n = 0; n < 12; n++) await other.register(aLoopbackClient());
    await other.stop();
    expect((await events('registration.throttled')).map(({ data }) => data.requests)).toEqual([2]);
  });
});

describe('two instances', () => {
  test('R-09 hold a limit together within a second or two', async () => {
    service = await start({ address: 1 });
    const other = await startTestService(
      { publicUrl: service.url, rateLimits: { ...none, address: 1 } },
      service.database,
    );
    try {
      await statuses(6, () => service.register(aLoopbackClient()));
      await statuses(4, () => other.register(aLoopbackClient(), { Host: new URL(service.url).host }));
      // As the timer does every second.
      await service.application.get(LimitExchange).run();
      await other.application.get(LimitExchange).run();
      await expect
        .poll(async () => (await other.register(aLoopbackClient())).status, {
          interval: 400,
          timeout: 10_000,
        })
        .toBe(429);
    } finally {
      await other.stop();
    }
  });
});

describe('the capacity for clients that nobody has used', () => {
  test('D2 reached by strangers, strangers wait, and every token holder gets through', async () => {
    service = await start({}, { registrationCapacity: 20 });
    const headers = await aToken();
    await service.register(aLoopbackClient());
    // The first count is on its way.
    await expect
      .poll(async () => (await statuses(5, () => service.register(aLoopbackClient())))[429] ?? 0, {
        interval: 50,
      })
      .toBe(5);
    const { rows } = await service.database.pool.query('select from client_directory');
    expect(rows.length).toBeLessThan(40);
    const refused = await service.register(aLoopbackClient());
    expect(refused.headers.get('retry-after')).toBe('60');
    expect(((await refused.json()) as LooseJson).error_description).toMatch(/initial access token/);
    const flood = statuses(50, () => service.register(aLoopbackClient()));
    expect(await statuses(50, () => service.register(aLoopbackClient(), headers))).toEqual({ 201: 50 });
    expect(await flood).toEqual({ 429: 50 });
  });
});
