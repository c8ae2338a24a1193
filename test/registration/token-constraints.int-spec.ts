import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { JsonObject } from '../../src/contract/json.js';
import { Clock } from '../../src/platform/clock.js';
import type { LooseJson } from '../support/loose-json.js';
import { shippedBundle, unpackBundle, withProfiles } from '../support/policy-bundles.js';
import { aLoopbackClient, aMachineClient, anUnknownHostClient } from '../support/registrations.js';
import { startTestService, type TestService } from '../support/service.js';

const RESOURCE = 'https://mcp.example/api';

let service: TestService;
beforeAll(async () => {
  service = await startTestService();
  await activateProfiles();
  await service.admin('PUT', '/realms/default', {
    registration: 'open',
    profile: 'default',
    scopes: ['mcp:tools', 'mcp:admin', 'offline_access'],
    default_scopes: ['mcp:tools'],
    resources: [RESOURCE, 'https://other.example/api'].map((identifier) => ({
      identifier,
      name: identifier,
      scopes: [],
    })),
    reason: 'test',
  });
});
afterAll(() => service.stop());
afterEach(() => void vi.restoreAllMocks());

/** A second profile, which refuses what the default one allows. */
async function activateProfiles(): Promise<void> {
  const shipped = JSON.parse((await unpackBundle(shippedBundle())).get('/data.json')!.toString()) as {
    profiles: { default: JsonObject };
  };
  const bundle = await withProfiles(shippedBundle(), {
    ...shipped.profiles,
    strict: { ...shipped.profiles.default, review_scopes: ['mcp:tools'] },
  });
  const upload = await service.request('/admin/v1/policies', {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${service.configuration.adminToken}`,
      'Content-Type': 'application/gzip',
    },
    body: new Uint8Array(bundle),
  });
  const { digest } = (await upload.json()) as { digest: string };
  await service.admin('POST', `/policies/${digest}/activate`, { reason: 'test' });
}

async function issue(body: Record<string, unknown>): Promise<string> {
  const response = await service.admin('POST', '/initial-access-tokens', { reason: 'onboarding', ...body });
  expect(response.status).toBe(201);
  return ((await response.json()) as { token: string }).token;
}

/** Registers with a new token that has these constraints. */
async function post(constraints: object, body: object): Promise<Response> {
  return service.register(body, { Authorization: `Bearer ${await issue({ constraints, max_uses: null })}` });
}

async function put(client: LooseJson, body: object): Promise<Response> {
  return service.request(`/register/${client['client_id'] as string}`, {
    method: 'PUT',
    headers: {
      'Content-Type': 'application/json',
      Authorization: `Bearer ${client['registration_access_token'] as string}`,
    },
    body: JSON.stringify({ client_id: client['client_id'], ...body }),
  });
}

async function registered(constraints: object, body: object): Promise<LooseJson> {
  const response = await post(constraints, body);
  expect(response.status).toBe(201);
  return (await response.json()) as LooseJson;
}

/** What a request gets that another token would allow. */
async function insufficiency(response: Response): Promise<object> {
  const challenge = response.headers.get('www-authenticate');
  return { status: response.status, challenge, ...((await response.json()) as object) };
}

const INSUFFICIENT = {
  status: 403,
  challenge: expect.stringMatching(/^Bearer error="insufficient_scope", error_description="[^"\\]+"$/),
  error: 'insufficient_scope',
};

const KEYS = { jwks: { keys: [{ kty: 'EC', crv: 'P-256', x: 'A'.repeat(43), y: 'A'.repeat(43) }] } };

describe('R-11 what an initial access token allows', () => {
  test('scopes: narrows the request and the defaults, and M-27 a PUT that asks for more', async () => {
    const constraints = { scopes: ['mcp:tools'] };
    const client = await registered(constraints, aLoopbackClient({ scope: 'mcp:tools mcp:admin' }));
    expect(client['scope']).toBe('mcp:tools');
    const answer = await put(client, aLoopbackClient({ scope: 'mcp:admin mcp:tools offline_access' }));
    expect(await answer.json()).toMatchObject({ scope: 'mcp:tools' });
    expect(await registered({ scopes: ['mcp:admin'] }, aLoopbackClient())).not.toHaveProperty('scope');
  });

  test('grant_types: narrows the request, and M-27 a PUT that asks for more', async () => {
    const constraints = { grant_types: ['authorization_code'] };
    const client = await registered(constraints, aLoopbackClient());
    expect(client['grant_types']).toEqual(['authorization_code']);
    const answer = await put(
      client,
      aLoopbackClient({
        grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
        token_endpoint_auth_method: 'client_secret_basic',
      }),
    );
    expect(await answer.json()).toMatchObject({ grant_types: ['authorization_code'] });
  });

  test('R-10 grant_types of which nothing remains: 403 insufficient_scope, and 400 in a PUT', async () => {
    const constraints = { grant_types: ['authorization_code'] };
    expect(await insufficiency(await post(constraints, aMachineClient()))).toMatchObject({
      ...INSUFFICIENT,
      field: 'grant_types',
    });
    const client = await registered(constraints, aLoopbackClient());
    expect((await put(client, aMachineClient())).status).toBe(400);
    // No token would make this one good.
    expect((await post(constraints, aMachineClient({ client_name: 7 }))).status).toBe(400);
  });

  test('token_endpoint_auth_methods: chooses the default, and M-27 refuses another one in a PUT', async () => {
    const constraints = { token_endpoint_auth_methods: ['client_secret_post', 'private_key_jwt'] };
    const { token_endpoint_auth_method: _, ...body } = aLoopbackClient();
    const client = await registered(constraints, body);
    expect(client).toMatchObject({ token_endpoint_auth_method: 'client_secret_post' });
    expect((await put(client, aLoopbackClient())).status).toBe(400);
    const keys = { ...body, ...KEYS, token_endpoint_auth_method: 'private_key_jwt' };
    expect((await put(client, keys)).status).toBe(200);
  });

  test('R-10 token_endpoint_auth_methods: another one is 403 insufficient_scope', async () => {
    const constraints = { token_endpoint_auth_methods: ['private_key_jwt'] };
    expect(await insufficiency(await post(constraints, aLoopbackClient()))).toMatchObject({
      ...INSUFFICIENT,
      field: 'token_endpoint_auth_method',
    });
  });

  test('redirect_hosts: R-10 another host is 403 insufficient_scope, and M-27 in a PUT 400', async () => {
    const constraints = { redirect_hosts: ['reports.acme.example'] };
    const client = await registered(constraints, anUnknownHostClient());
    expect(client).toMatchObject({ client_status: 'active' });
    const elsewhere = anUnknownHostClient({ redirect_uris: ['https://vscode.dev/redirect'] });
    expect(await insufficiency(await post(constraints, elsewhere))).toMatchObject({
      ...INSUFFICIENT,
      policy_decision_id: expect.any(String),
      violations: [{ code: 'redirect_uri_not_in_token' }],
    });
    expect((await put(client, elsewhere)).status).toBe(400);
    expect((await put(client, anUnknownHostClient())).status).toBe(200);
  });

  test('what the token does not allow and nobody would is 400', async () => {
    const denied = aLoopbackClient({ redirect_uris: ['https://app.evil.example/cb'] });
    const response = await post({ redirect_hosts: ['reports.acme.example'] }, denied);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: 'invalid_redirect_uri' });
  });

  test('a refusal is recorded with the code that was answered', async () => {
    const before = await service.admin('GET', '/events?limit=500');
    const { next_cursor: after } = (await before.json()) as LooseJson;
    await post({ redirect_hosts: ['reports.acme.example'] }, aLoopbackClient());
    const { items } = (await (await service.admin('GET', `/events?after=${after}`)).json()) as LooseJson;
    const refused = items.find((event: LooseJson) => event.type === 'registration.refused');
    expect(refused.data.error).toBe('insufficient_scope');
  });

  test('resources: become a ceiling that M-27 a PUT keeps', async () => {
    const client = await registered({ resources: [RESOURCE] }, aLoopbackClient());
    const ceiling = async () => {
      const shown = await service.admin('GET', `/clients/${client['client_id'] as string}`);
      return ((await shown.json()) as LooseJson)['obligations'].resource_ceiling;
    };
    expect(await ceiling()).toEqual([RESOURCE]);
    expect((await put(client, aLoopbackClient({ client_name: 'Renamed' }))).status).toBe(200);
    expect(await ceiling()).toEqual([RESOURCE]);
  });

  test('profile: judges the registration, and M-27 every PUT', async () => {
    const client = await registered({ profile: 'strict' }, aLoopbackClient());
    expect(client).toMatchObject({ client_status: 'pending' });
    expect(await registered({}, aLoopbackClient())).toMatchObject({ client_status: 'active' });
    expect(await (await put(client, aLoopbackClient({ client_name: 'B' }))).json()).toMatchObject({
      client_status: 'pending',
    });
  });
});

describe('R-11 the expiry of an initial access token', () => {
  const HOUR = 3_600_000;

  test.each([
    ['fast', 48 * HOUR],
    ['slow', -48 * HOUR],
  ])('goes by the clock of the database, although that of the instance is %s', async (_, offset) => {
    const [live, over] = [await issue({ expires_in: 3600 }), await issue({ expires_in: 3600 })];
    await service.database.pool.query(
      `update initial_access_tokens
       set record = jsonb_set(record::jsonb, '{credential,expires_at}', '"2020-01-01T00:00:00.000Z"')::json
       where token_id = $1`,
      [over.split('_')[1]],
    );
    vi.spyOn(service.application.get(Clock), 'now').mockImplementation(() => Date.now() + offset);
    const answers = await Promise.all(
      [live, over].map((token) => service.register(aLoopbackClient(), { Authorization: `Bearer ${token}` })),
    );
    expect(answers.map(({ status }) => status)).toEqual([201, 401]);
  });
});
