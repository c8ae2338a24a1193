import { afterAll, beforeAll, expect, it } from 'vitest';
import { PolicyHost } from '../../src/platform/opa/policy-host.js';
import { postForm } from '../support/oauth-browser.js';
import { obtainTokens } from '../support/oauth-tokens.js';
import {
  aDeniedClient,
  aLoopbackClient,
  aMachineClient,
  anUnknownHostClient,
} from '../support/registrations.js';
import { scrape, type Scrape } from '../support/scrape.js';
import { startTestService, type TestService } from '../support/service.js';

let service: TestService;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service.stop());

interface Registered {
  readonly client_id: string;
  readonly client_secret: string;
}

async function registered(body: unknown): Promise<Registered> {
  return (await (await service.register(body)).json()) as Registered;
}

/** What a counter gained while something was done. */
async function gained(
  act: () => Promise<unknown>,
): Promise<(name: string, labels?: Record<string, string>) => number> {
  const before = await scrape(service);
  await act();
  const after = await scrape(service);
  const of = (one: Scrape, name: string, labels?: Record<string, string>) => one.value(name, labels) ?? 0;
  return (name, labels) => of(after, name, labels) - of(before, name, labels);
}

it('tells registrations by route, decision, event and batch', async () => {
  const gain = await gained(async () => {
    await Promise.all([
      service.register(aLoopbackClient()),
      service.register(anUnknownHostClient()),
      service.register(aDeniedClient()),
      service.register('{'),
    ]);
  });
  expect(gain('clientele_http_requests_total', { route: '/register', method: 'POST', outcome: '2xx' })).toBe(
    2,
  );
  expect(gain('clientele_http_requests_total', { route: '/register', outcome: '4xx' })).toBe(2);
  expect(gain('clientele_http_request_duration_seconds_count', { route: '/register' })).toBe(4);
  expect(gain('clientele_policy_decisions_total', { outcome: 'allow', rule: 'none' })).toBe(1);
  expect(gain('clientele_policy_decisions_total', { outcome: 'review', rule: 'redirect_hosts' })).toBe(1);
  expect(gain('clientele_policy_decisions_total', { outcome: 'deny', rule: 'redirect_hosts' })).toBe(1);
  expect(gain('clientele_policy_evaluation_duration_seconds_count')).toBe(3);
  expect(gain('clientele_events_appended_total', { type: 'client.registered' })).toBe(2);
  expect(gain('clientele_events_appended_total', { type: 'registration.refused' })).toBe(1);
  expect(gain('clientele_append_batch_calls_sum')).toBe(3);
  expect(gain('clientele_append_duration_seconds_count')).toBe(gain('clientele_append_batch_calls_count'));
});

it('tells sign-ins, consents and tokens by grant and outcome', async () => {
  const client = await registered(aLoopbackClient());
  const gain = await gained(async () => {
    const { status } = await obtainTokens(service, {
      client_id: client.client_id,
      redirect_uri: 'http://127.0.0.1:8765/callback',
    });
    expect(status).toBe(200);
    const token = (form: Record<string, string>) => postForm(`${service.url}/token`, form);
    await token({ grant_type: 'refresh_token', client_id: client.client_id, refresh_token: 'unknown' });
    await token({ grant_type: 'client_credentials', client_id: 'c_nobody', client_secret: 'wrong' });
    // Refused before oidc-provider hears of it.
    await token({ grant_type: 'client_credentials' });
    await token({ grant_type: 'a grant nobody has heard of', client_id: client.client_id });
  });
  const tokens = (grant: string, outcome: string) =>
    gain('clientele_token_requests_total', { grant, outcome });
  expect(gain('clientele_sign_ins_total', { kind: 'development', outcome: 'succeeded' })).toBe(1);
  expect(gain('clientele_consents_total', { outcome: 'allowed' })).toBe(1);
  expect(tokens('authorization_code', 'issued')).toBe(1);
  expect(tokens('refresh_token', 'invalid_grant')).toBe(1);
  expect(tokens('client_credentials', 'invalid_client')).toBe(2);
  expect(tokens('other', 'unsupported_grant_type')).toBe(1);
  expect(gain('clientele_token_requests_total')).toBe(5);
});

it('counts a token for a client without a user', async () => {
  const { token } = (await (
    await service.admin('POST', '/initial-access-tokens', { reason: 'batch' })
  ).json()) as { token: string };
  const machine = (await (
    await service.register(aMachineClient(), { Authorization: `Bearer ${token}` })
  ).json()) as Registered;
  const gain = await gained(() =>
    postForm(
      `${service.url}/token`,
      { grant_type: 'client_credentials' },
      {
        authorization: `Basic ${Buffer.from(`${machine.client_id}:${machine.client_secret}`).toString('base64')}`,
      },
    ),
  );
  expect(gain('clientele_token_requests_total', { grant: 'client_credentials', outcome: 'issued' })).toBe(1);
});

it('tells what there is: pools, policy, readiness, build', async () => {
  const now = await scrape(service);
  expect(now.value('clientele_database_pool_limit', { pool: 'hot_path' })).toBe(10);
  expect(now.value('clientele_database_pool_connections', { pool: 'hot_path' })).toBeGreaterThan(0);
  expect(now.value('clientele_database_pool_waiting', { pool: 'typeorm' })).toBe(0);
  const { bundles } = service.application.get(PolicyHost).status();
  expect(
    now.value('clientele_policy_bundle_tripped', {
      bundle: bundles[0]!.digest.slice(0, 12),
      revision: bundles[0]!.revision,
    }),
  ).toBe(0);
  expect(now.value('clientele_ready')).toBe(1);
  expect(now.value('clientele_check_ready', { check: 'database' })).toBe(1);
  expect(now.value('clientele_build_info', { node: process.version })).toBe(1);
  expect(now.value('nodejs_eventloop_lag_p99_seconds')).toBeGreaterThan(0);
});

it('tells of a relay without Kafka how much waits, and that nobody is meant to publish', async () => {
  const now = await scrape(service);
  expect(now.value('clientele_relay_configured')).toBe(0);
  expect(now.value('clientele_relay_leader')).toBe(0);
});
