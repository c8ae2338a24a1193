import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { behavioursBundle, changeBundle, shippedBundle, unpackBundle } from '../support/policy-bundles.js';
import { aLoopbackClient, anUnknownHostClient } from '../support/registrations.js';
import type { LooseJson } from '../support/loose-json.js';
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

async function upload(bundle: Buffer): Promise<Response> {
  return service.request('/admin/v1/policies', {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${service.configuration.adminToken}`,
      'Content-Type': 'application/gzip',
    },
    body: new Uint8Array(bundle),
  });
}

async function activate(bundle: Buffer): Promise<void> {
  const { digest } = (await (await upload(bundle)).json()) as { digest: string };
  const response = await service.admin('POST', `/policies/${digest}/activate`, { reason: 'roll-out' });
  expect(response.status).toBe(200);
}

const status = async (response: Promise<Response>) =>
  ((await (await response).json()) as { client_status?: string }).client_status;

describe('a bundle', () => {
  test('that is broken is refused with what is wrong with it', async () => {
    const response = await upload(Buffer.from('not a bundle'));
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ type: 'urn:clientele:problem:invalid_policy_bundle' });
  });

  test('from a stranger is refused before it is read, and elsewhere it is an unknown media type', async () => {
    const init = {
      method: 'POST',
      headers: { 'Content-Type': 'application/gzip' },
      body: new Uint8Array(1024),
    };
    const refused = await service.request('/admin/v1/policies', init);
    expect(refused.status).toBe(401);
    expect(refused.headers.get('www-authenticate')).toBe('Bearer');
    expect((await service.request('/register', init)).status).toBe(415);
  });

  test('that nobody uploaded cannot be activated', async () => {
    const response = await service.admin('POST', `/policies/${'0'.repeat(64)}/activate`, { reason: 'x' });
    expect(response.status).toBe(404);
  });

  test('that an operator edits and activates judges the next request on every instance', async () => {
    expect(await status(service.register(anUnknownHostClient()))).toBe('pending');
    expect(await status(other.register(anUnknownHostClient()))).toBe('pending');
    const data: LooseJson = JSON.parse((await unpackBundle(shippedBundle())).get('/data.json')!.toString());
    data.profiles.default.allowed_domains = ['*.acme.example'];
    await activate(await changeBundle(shippedBundle(), { '/data.json': JSON.stringify(data) }));
    expect(await status(service.register(anUnknownHostClient()))).toBe('active');
    expect(await status(other.register(anUnknownHostClient()))).toBe('active');
  });
});

describe('a policy that gives no decision', () => {
  test.each(['loop', 'memory', 'conflict'])(
    'I13 %s: 503 with Retry-After, no client, no refusal, and the rest of the service goes on',
    async (behaviour) => {
      await activate(behavioursBundle());
      const before = await service.admin('GET', '/events?limit=500').then((response) => response.json());
      const response = await service.register(aLoopbackClient({ client_name: behaviour }));
      expect(response.status).toBe(503);
      expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(await response.json()).toMatchObject({ error: 'temporarily_unavailable' });
      expect(response.headers.get('cache-control')).toBe('no-store');
      expect(await service.admin('GET', '/events?limit=500').then((answer) => answer.json())).toEqual(before);
      expect((await service.request('/health/live')).status).toBe(200);
      await activate(shippedBundle());
      expect((await service.register(aLoopbackClient())).status).toBe(201);
    },
  );
});

describe('a realm', () => {
  const configuration = {
    registration: 'token',
    profile: 'default',
    scopes: ['mcp:tools'],
    default_scopes: ['mcp:tools'],
    resources: [{ identifier: 'https://payroll.example/mcp', name: 'Payroll', scopes: ['payroll:read'] }],
    default_resource: 'https://payroll.example/mcp',
    reason: 'payroll goes live',
  };

  test('is configured whole, with a reason, as an event, and registrations follow it at once', async () => {
    const response = await service.admin('PUT', '/realms/default', configuration);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      name: 'default',
      issuer: service.url,
      registration: 'token',
    });
    const refused = await service.register(aLoopbackClient());
    expect(refused.status).toBe(401);
    expect(refused.headers.get('www-authenticate')).toBe('Bearer');
    const { items } = (await (await service.admin('GET', '/events?limit=500')).json()) as LooseJson;
    expect(items.at(-1)).toMatchObject({ type: 'realm.configured', data: { reason: 'payroll goes live' } });
  });

  test('the same configuration again changes nothing', async () => {
    const again = await service.admin('PUT', '/realms/default', configuration);
    const { version } = (await again.json()) as { version: number };
    const shown = (await (await service.admin('GET', '/realms/default')).json()) as { version: number };
    expect(shown.version).toBe(version);
  });

  test.each([
    ['a default scope that no resource has', { default_scopes: ['other'] }, 'default_scopes'],
    [
      'a default resource that is none of its own',
      { default_resource: 'https://a.example/' },
      'default_resource',
    ],
    [
      'a resource with a fragment',
      { resources: [{ identifier: 'https://a.example/#x', name: 'A', scopes: [] }] },
      'resources.0.identifier',
    ],
    ['no reason', { reason: '' }, 'reason'],
  ])('with %s is refused, naming the member', async (_, overrides, member) => {
    const response = await service.admin('PUT', '/realms/default', { ...configuration, ...overrides });
    expect(response.status).toBe(400);
    const { errors } = (await response.json()) as { errors: { member: string }[] };
    expect(errors.map((error) => error.member)).toContain(member);
  });

  test('that does not exist is 404', async () => {
    expect((await service.admin('PUT', '/realms/weather', configuration)).status).toBe(404);
  });
});

describe('a profile that the active policy does not have', () => {
  test('is refused for a realm and for a token, before it can stop every admission', async () => {
    const realm = (await (await service.admin('GET', '/realms/default')).json()) as LooseJson;
    const { name: _, issuer: __, configured_at: ___, version: ____, ...configuration } = realm;
    const put = await service.admin('PUT', '/realms/default', {
      ...configuration,
      profile: 'tyop',
      reason: 'x',
    });
    expect(put.status).toBe(400);
    expect(await put.json()).toMatchObject({ errors: [{ member: 'profile' }] });
    const token = await service.admin('POST', '/initial-access-tokens', {
      reason: 'x',
      constraints: { profile: 'tyop' },
    });
    expect(token.status).toBe(400);
  });

  test('keeps a bundle from being activated', async () => {
    const data: LooseJson = JSON.parse((await unpackBundle(shippedBundle())).get('/data.json')!.toString());
    const other = { ...data, profiles: { other: data.profiles.default } };
    const bundle = await changeBundle(shippedBundle(), { '/data.json': JSON.stringify(other) });
    const { digest } = (await (await upload(bundle)).json()) as { digest: string };
    const response = await service.admin('POST', `/policies/${digest}/activate`, { reason: 'x' });
    expect(response.status).toBe(409);
    expect(await response.json()).toMatchObject({ type: 'urn:clientele:problem:profile_missing' });
  });
});

describe('an evaluation', () => {
  const evaluate = (body: object) => service.admin('POST', '/policies/evaluate', body);

  test('tells the decision that a registration would get, and records nothing', async () => {
    const before = await (await service.admin('GET', '/events?limit=500')).json();
    const denied = await evaluate({ registration: { redirect_uris: ['https://app.evil.example/cb'] } });
    expect(denied.status).toBe(200);
    expect(await denied.json()).toMatchObject({
      outcome: 'deny',
      violations: [{ code: 'redirect_host_denied', params: { host: 'app.evil.example' } }],
      bundle_digest: expect.stringMatching(/^[0-9a-f]{64}$/),
      duration_us: expect.any(Number),
    });
    expect(await (await service.admin('GET', '/events?limit=500')).json()).toEqual(before);
  });

  test('sees the caller that is given', async () => {
    const registration = { grant_types: ['client_credentials'] };
    expect(await (await evaluate({ registration })).json()).toMatchObject({ outcome: 'review' });
    const caller = { kind: 'initial_access_token' };
    expect(await (await evaluate({ registration, caller })).json()).toMatchObject({ outcome: 'allow' });
  });

  test('of metadata that no policy would see tells what is wrong with it', async () => {
    const response = await evaluate({ registration: { redirect_uris: ['http://app.example/cb'] } });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      type: 'urn:clientele:problem:invalid_redirect_uri',
      field: 'redirect_uris',
    });
  });
});

describe('an instance that was left on a broken policy', () => {
  beforeAll(async () => {
    const realm = (await (await service.admin('GET', '/realms/default')).json()) as LooseJson;
    const { name: _, issuer: __, configured_at: ___, version: ____, ...configuration } = realm;
    const open = { ...configuration, registration: 'open', reason: 'open again' };
    await service.admin('PUT', '/realms/default', open);
  });

  test('gets off it by itself, although none of its own appends ever conflicts', async () => {
    const register = async () => (await other.register(aLoopbackClient({ client_name: 'conflict' }))).status;
    await activate(behavioursBundle());
    await expect.poll(register, { timeout: 5_000 }).toBe(503);
    await activate(shippedBundle());
    await expect.poll(register, { timeout: 5_000 }).toBe(201);
  });
});
