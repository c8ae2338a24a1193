import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { topics } from '../../src/platform/kafka/topics.js';
import { consume, type ConsumedRecord } from '../support/kafka-records.js';
import { aDeniedClient, aLoopbackClient, anUnknownHostClient } from '../support/registrations.js';
import { startTestService, type TestService } from '../support/service.js';

const ADDRESS = '203.0.113.77';
const AGENT = 'canary-agent/1.0';
const CONTACT = 'canary.person@acme.example';
const REASON = 'because canary said so';

let service: TestService;
beforeAll(async () => {
  service = await startTestService({
    kafka: { brokers: inject('kafkaBrokers').split(','), ssl: false, sasl: null },
    trustedProxies: ['127.0.0.1'],
  });
});
afterAll(() => service.stop());

interface Registered {
  readonly client_id: string;
  readonly client_secret?: string;
  readonly registration_access_token: string;
}

/** Everything that could leave a personal value or a secret behind. */
async function leaveTraces(): Promise<string[]> {
  const headers = { 'X-Forwarded-For': ADDRESS, 'User-Agent': AGENT };
  const contacts = { contacts: [CONTACT] };
  const register = async (body: Record<string, unknown>, more: Record<string, string> = {}) =>
    (await (await service.register(body, { ...headers, ...more })).json()) as Registered;

  const confidential = await register(
    aLoopbackClient({ ...contacts, token_endpoint_auth_method: 'client_secret_post' }),
  );
  const waiting = await register(anUnknownHostClient(contacts));
  await register(aDeniedClient(contacts));
  await service.admin('POST', `/clients/${waiting.client_id}/approve`, { reason: REASON });
  const { token } = (await (
    await service.admin('POST', '/initial-access-tokens', { reason: REASON, max_uses: 2 })
  ).json()) as { token: string };
  await register(aLoopbackClient(), { Authorization: `Bearer ${token}` });
  const put = await service.request(`/register/${confidential.client_id}`, {
    method: 'PUT',
    headers: {
      ...headers,
      'Content-Type': 'application/json',
      Authorization: `Bearer ${confidential.registration_access_token}`,
    },
    body: JSON.stringify({
      client_id: confidential.client_id,
      ...aLoopbackClient({
        contacts: [CONTACT, 'second.canary@acme.example'],
        token_endpoint_auth_method: 'client_secret_post',
      }),
    }),
  });
  const replaced = (await put.json()) as Registered;
  return [
    token,
    confidential.client_secret!,
    confidential.registration_access_token,
    replaced.registration_access_token,
    service.configuration.adminToken,
  ];
}

test('I11 neither the database nor the topic holds an address, an agent, a contact, a reason or a secret in clear', async () => {
  const secrets = await leaveTraces();
  const canaries = [ADDRESS, AGENT, 'canary.person', 'second.canary', REASON, ...secrets];

  const { rows } = await service.database.pool.query<{ name: string }>(
    `select quote_ident(table_name) as name from information_schema.tables
     where table_schema = 'public' and table_type = 'BASE TABLE'`,
  );
  const found: string[] = [];
  for (const { name } of rows) {
    for (const canary of canaries) {
      const { rows: hits } = await service.database.pool.query<{ n: number }>(
        `select count(*)::int as n from ${name} t
         where t::text like $1 or t::text like $2`,
        // bytea shows as hex, where the canary's own hex would be.
        [`%${canary}%`, `%${Buffer.from(canary).toString('hex')}%`],
      );
      if (hits[0]!.n > 0) found.push(`${name}: ${canary}`);
    }
  }
  expect(found).toEqual([]);

  const { rows: head } = await service.database.pool.query<{ head: number }>(
    'select max(position) as head from events',
  );
  const ours = (records: readonly ConsumedRecord[]) =>
    records.filter((record) => record.headers['ce_source'] === service.url);
  const records = ours(
    await consume(
      inject('kafkaBrokers'),
      topics.events.name,
      (all) => new Set(ours(all).map((record) => record.headers['ce_position'])).size === head[0]!.head,
    ),
  );
  const texts = records.map(
    (record) => `${record.key}${JSON.stringify(record.headers)}${record.value.toString()}`,
  );
  expect(canaries.filter((canary) => texts.some((text) => text.includes(canary)))).toEqual([]);
});

test('an operator reads them in clear all the same', async () => {
  const { items } = (await (await service.admin('GET', '/events?limit=500')).json()) as {
    items: { type: string; source: { ip: string; user_agent: string } | null }[];
  };
  const registered = items.find((event) => event.type === 'client.registered');
  expect(registered?.source).toEqual({ ip: ADDRESS, user_agent: AGENT });
});
