import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { OAuthClientInformationFullSchema } from '@modelcontextprotocol/sdk/shared/auth.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  aDeniedClient,
  aLoopbackClient,
  aMachineClient,
  anUnknownHostClient,
} from '../support/registrations.js';
import type { LooseJson } from '../support/loose-json.js';
import { startTestService, type TestService } from '../support/service.js';

let service: TestService;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service.stop());

const post = (body: string | Uint8Array<ArrayBuffer>, contentType?: string) =>
  service.request('/register', {
    method: 'POST',
    body,
    headers: contentType === undefined ? {} : { 'Content-Type': contentType },
  });

async function events(type?: string): Promise<LooseJson[]> {
  const { items } = (await (await service.admin('GET', '/events?limit=500')).json()) as {
    items: LooseJson[];
  };
  return type ? items.filter((event) => event.type === type) : items;
}

describe('a client that the policy allows', () => {
  test('R-61 gets 201 with everything that was registered, defaults included', async () => {
    const response = await service.register({ redirect_uris: ['http://127.0.0.1:8765/callback'] });
    const body = (await response.json()) as Record<string, unknown>;
    expect(response.status).toBe(201);
    expect(body).toMatchObject({
      client_id: expect.stringMatching(/^c_[A-Za-z0-9_-]{22}$/),
      client_id_issued_at: expect.any(Number),
      client_secret: expect.stringMatching(/^cs_[A-Za-z0-9_-]{43}$/),
      client_secret_expires_at: 0,
      redirect_uris: ['http://127.0.0.1:8765/callback'],
      token_endpoint_auth_method: 'client_secret_basic',
      grant_types: ['authorization_code'],
      response_types: ['code'],
      application_type: 'native',
      scope: 'mcp:tools',
      client_status: 'active',
      registration_client_uri: `${service.url}/register/${body['client_id'] as string}`,
      registration_access_token: expect.stringMatching(/^rat_[A-Za-z0-9_-]{43}$/),
    });
  });

  test('R-62 is told never to cache the answer, and gets its version as ETag', async () => {
    const response = await service.register(aLoopbackClient());
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('pragma')).toBe('no-cache');
    expect(response.headers.get('etag')).toBe('"1"');
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
  });

  test('R-56 gets no secret members when it is public', async () => {
    const body = await (await service.register(aLoopbackClient())).json();
    expect(body).not.toHaveProperty('client_secret');
    expect(body).not.toHaveProperty('client_secret_expires_at');
  });

  test('R-05 and R-06: unknown and server-issued members are ignored, and the event names them without their values', async () => {
    const response = await service.register(
      aLoopbackClient({ client_id: 'mine', favourite_colour: 'blue-canary' }),
    );
    const body = (await response.json()) as { client_id: string };
    expect(body.client_id).not.toBe('mine');
    expect(body).not.toHaveProperty('favourite_colour');
    const event = (await events('client.registered')).find(
      (each) => each['data'].client_id === body.client_id,
    )!;
    expect(event['request'].ignored_members).toEqual(['client_id', 'favourite_colour']);
    expect(JSON.stringify(event)).not.toContain('blue-canary');
  });

  test('the event carries the digest of the body, the decision and only digests of the credentials', async () => {
    const text = JSON.stringify(aLoopbackClient({ token_endpoint_auth_method: 'client_secret_post' }));
    const body = (await (await service.register(text)).json()) as Record<string, string>;
    const event = (await events('client.registered')).find(
      (each) => each['data'].client_id === body['client_id'],
    )!;
    expect(event['request'].body_sha256).toBe(createHash('sha256').update(text).digest('base64url'));
    expect(event['policy']).toMatchObject({ outcome: 'allow', revision: expect.any(String) });
    expect(event['data'].secrets[0].digest).toBe(
      createHash('sha256').update(body['client_secret']!).digest('base64url'),
    );
    expect(JSON.stringify(event)).not.toContain(body['client_secret']!);
    expect(JSON.stringify(event)).not.toContain(body['registration_access_token']!);
  });
});

describe('real MCP clients', async () => {
  const folder = new URL('../fixtures/dcr/', import.meta.url);
  const pending = new Set(['python-sdk.json', 'typescript-sdk-machine.json']);
  const files = (await readdir(folder)).filter((file) => file.endsWith('.json'));

  test.each(files)('%s gets a 201 that the MCP TypeScript SDK parses', async (file) => {
    const response = await service.register(await readFile(new URL(file, folder), 'utf8'));
    const body = (await response.json()) as { client_status: string; redirect_uris: string[] };
    expect(response.status).toBe(201);
    expect(body.client_status).toBe(pending.has(file) ? 'pending' : 'active');
    expect(OAuthClientInformationFullSchema.safeParse(body).error).toBeUndefined();
    const asked = JSON.parse(await readFile(new URL(file, folder), 'utf8')) as { redirect_uris: string[] };
    expect(body.redirect_uris).toEqual(asked.redirect_uris);
  });
});

describe('a client that the policy wants reviewed', () => {
  test('T-16 gets 201 and a client_id all the same, and is pending', async () => {
    const response = await service.register(anUnknownHostClient());
    expect(response.status).toBe(201);
    expect(await response.json()).toMatchObject({ client_status: 'pending' });
  });

  test('without users and without a token waits too', async () => {
    expect(await (await service.register(aMachineClient())).json()).toMatchObject({
      client_status: 'pending',
    });
  });
});

describe('a client that the policy denies', () => {
  test('D-5 gets 400 with the RFC code, the rule, and a reference, and leaves a refusal in a stream of its own', async () => {
    const response = await service.register(aDeniedClient());
    const body = (await response.json()) as LooseJson;
    expect(response.status).toBe(400);
    expect(body).toMatchObject({
      error: 'invalid_redirect_uri',
      violations: [
        {
          rule: 'redirect_hosts',
          code: 'redirect_host_denied',
          field: 'redirect_uris',
          params: { host: 'app.evil.example' },
        },
      ],
    });
    expect(body['error_description']).toMatch(/^[\x20\x21\x23-\x5b\x5d-\x7e]+$/);
    const refusal = (await events('registration.refused')).find(
      (each) => each['policy'].decision_id === body['policy_decision_id'],
    )!;
    expect(refusal['stream']).toMatch(/^refusal:/);
    expect(refusal['data'].error).toBe('invalid_redirect_uri');
  });
});

describe('malformed requests', () => {
  test.each([
    ['R-04 malformed JSON', '{"redirect_uris":'],
    ['R-04 a body that is no object', '[]'],
    ['R-04 duplicate members', '{"scope":"a","scope":"b"}'],
    ['V1 deep nesting', `{"jwks":${'['.repeat(4000)}${']'.repeat(4000)}}`],
    ['V2 __proto__', '{"__proto__":{"redirect_uris":[]}}'],
    ['V2 constructor inside', '{"jwks":{"constructor":{}}}'],
    ['V3 NUL', '{"client_name":"a\\u0000b"}'],
    ['V3 a lone surrogate', '{"client_name":"\\ud800"}'],
    ['V3 a number beyond range', '{"default_max_age":1e400}'],
    ['an empty body', ''],
  ])('%s: 400 invalid_client_metadata with a description, and nothing is written', async (_, body) => {
    const before = (await events()).length;
    const response = await post(body, 'application/json');
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({
      error: 'invalid_client_metadata',
      error_description: expect.stringMatching(/^[\x20\x21\x23-\x5b\x5d-\x7e]+$/),
    });
    expect((await events()).length).toBe(before);
  });

  test('R-03 a form is 415, never parsed', async () => {
    const response = await post('redirect_uris=x', 'application/x-www-form-urlencoded');
    expect(response.status).toBe(415);
    expect(await response.json()).toMatchObject({ error: 'unsupported_media_type' });
  });

  test('R-03 application/json with a charset is accepted', async () => {
    expect((await post(JSON.stringify(aLoopbackClient()), 'application/json; charset=utf-8')).status).toBe(
      201,
    );
  });

  test('V7 a body without a media type, or with a look-alike, is 415', async () => {
    const bytes = new TextEncoder().encode(JSON.stringify(aLoopbackClient()));
    expect((await post(bytes)).status).toBe(415);
    expect((await post(bytes, 'application/jsonp')).status).toBe(415);
  });

  test('R-12 a body over 64 KiB is 413', async () => {
    const response = await post(JSON.stringify({ client_name: 'x'.repeat(70_000) }), 'application/json');
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ error: 'payload_too_large' });
  });

  test.each(['GET', 'PUT', 'DELETE', 'PATCH'])('R-02 %s is 405 with Allow', async (method) => {
    const response = await service.request('/register', { method });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('POST, OPTIONS');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.json()).toMatchObject({ error: 'method_not_allowed' });
  });

  test('R-71 an unknown path is an OAuth error, too', async () => {
    const response = await service.request('/register/a/b/c');
    expect(response.status).toBe(404);
    expect(await response.json()).toEqual({ error: 'not_found', error_description: expect.any(String) });
  });

  test('R-72 authentication is judged before the body', async () => {
    const response = await service.register('{', { Authorization: 'Bearer iat_unknown' });
    expect(response.status).toBe(401);
  });
});

describe('browser clients', () => {
  test('P-06 a preflight that asks for mcp-protocol-version is answered, and errors are readable', async () => {
    const preflight = await service.request('/register', {
      method: 'OPTIONS',
      headers: {
        Origin: 'http://localhost:6274',
        'Access-Control-Request-Method': 'POST',
        'Access-Control-Request-Headers': 'content-type,mcp-protocol-version',
      },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-origin')).toBe('*');
    expect(preflight.headers.get('access-control-allow-headers')!.toLowerCase()).toContain(
      'mcp-protocol-version',
    );
    const refused = await post('{', 'application/json');
    expect(refused.headers.get('access-control-allow-origin')).toBe('*');
    const tooLarge = await post('x'.repeat(70_000), 'application/json');
    expect(tooLarge.headers.get('access-control-allow-origin')).toBe('*');
  });
});

describe('forged headers', () => {
  test('C5 do not reach the URLs of the answer', async () => {
    const response = await service.register(aLoopbackClient(), {
      'X-Forwarded-Host': 'attacker.example',
      'X-Forwarded-Proto': 'https',
      Forwarded: 'host=attacker.example',
    });
    expect(JSON.stringify(await response.json())).not.toContain('attacker.example');
  });
});
