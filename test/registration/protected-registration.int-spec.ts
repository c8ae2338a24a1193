import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { newClientId } from '../../src/platform/crypto/credentials.js';
import type { LooseJson } from '../support/loose-json.js';
import { aLoopbackClient } from '../support/registrations.js';
import { startTestService, type TestService } from '../support/service.js';

const PATH = '/register/protected';

let service: TestService;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service.stop());
afterEach(() => mode('open'));

async function mode(registration: 'open' | 'token' | 'closed'): Promise<void> {
  const {
    issuer: _,
    name: __,
    configured_at: ___,
    version: ____,
    ...current
  } = (await (await service.admin('GET', '/realms/default')).json()) as LooseJson;
  const body = { ...current, registration, reason: 'test' };
  expect((await service.admin('PUT', '/realms/default', body)).status).toBe(200);
}

async function token(body: Record<string, unknown> = {}): Promise<string> {
  const response = await service.admin('POST', '/initial-access-tokens', { reason: 'onboarding', ...body });
  return ((await response.json()) as { token: string }).token;
}

const post = (path: string, bearer: string | null, body: unknown = aLoopbackClient()) =>
  service.request(path, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      ...(bearer !== null && { Authorization: `Bearer ${bearer}` }),
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

describe.each(['open', 'token'] as const)(
  'T-07 POST /register/protected where the realm is %s',
  (registration) => {
    test('R-10 without a token is 401 with a bare challenge', async () => {
      await mode(registration);
      const response = await post(PATH, null);
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toBe('Bearer');
    });

    test('R-10 with a bad token is 401 invalid_token', async () => {
      await mode(registration);
      for (const bearer of ['iat_unknown', service.configuration.adminToken]) {
        const response = await post(PATH, bearer);
        expect(response.status).toBe(401);
        expect(response.headers.get('www-authenticate')).toContain('error="invalid_token"');
      }
    });

    test('with a token is 201 once, like any registration, and manages at the usual address', async () => {
      await mode(registration);
      const bearer = await token({ max_uses: 1 });
      const response = await post(PATH, bearer);
      expect(response.status).toBe(201);
      expect(response.headers.get('cache-control')).toBe('no-store');
      expect(response.headers.get('access-control-allow-origin')).toBe('*');
      const client = (await response.json()) as LooseJson;
      expect(client['registration_client_uri']).toBe(
        `${service.url}/register/${client['client_id'] as string}`,
      );
      expect((await post(PATH, bearer)).status).toBe(401);
    });

    test('R-72 judges the token before the body', async () => {
      await mode(registration);
      expect((await post(PATH, null, '{')).status).toBe(401);
      expect((await post(PATH, await token(), '{')).status).toBe(400);
    });

    test.each(['/.well-known/oauth-authorization-server', '/.well-known/openid-configuration'])(
      'A-08 is not advertised at %s',
      async (path) => {
        await mode(registration);
        const text = await (await service.request(path)).text();
        expect(text).not.toContain('register/protected');
        expect(text.includes('registration_endpoint')).toBe(registration === 'open');
      },
    );
  },
);

test('T-07 where the realm is token, /register is 401 without a token, with a bare challenge', async () => {
  await mode('token');
  const response = await post('/register', null);
  expect(response.status).toBe(401);
  expect(response.headers.get('www-authenticate')).toBe('Bearer');
});

test('where the realm is closed, both addresses are', async () => {
  const bearer = await token();
  await mode('closed');
  for (const path of ['/register', PATH]) {
    for (const presented of [null, bearer]) expect((await post(path, presented)).status).toBe(403);
  }
});

describe('the address /register/protected', () => {
  test.each(['GET', 'PUT', 'PATCH', 'DELETE'])(
    'R-02 answers %s with 405 and Allow, as /register does',
    async (method) => {
      const authorized = { Authorization: 'Bearer rat_x' };
      for (const headers of [{}, authorized]) {
        const [here, there] = await Promise.all(
          [PATH, '/register'].map((path) => service.request(path, { method, headers })),
        );
        expect(here!.status).toBe(405);
        expect(here!.headers.get('allow')).toBe(there!.headers.get('allow'));
        expect(here!.headers.get('cache-control')).toBe('no-store');
        expect(await here!.json()).toEqual(await there!.json());
      }
    },
  );

  test('P-06 answers a preflight as /register does', async () => {
    const [here, there] = await Promise.all(
      [PATH, '/register'].map((path) => service.request(path, { method: 'OPTIONS' })),
    );
    expect(here!.status).toBe(204);
    for (const name of ['allow', 'access-control-allow-origin', 'access-control-allow-headers']) {
      expect(here!.headers.get(name)).toBe(there!.headers.get(name));
    }
    expect(here!.headers.get('access-control-allow-methods')).toBe('POST, OPTIONS');
  });

  test('R-03 takes JSON only: 415', async () => {
    const response = await service.request(PATH, { method: 'POST', body: 'a=b' });
    expect(response.status).toBe(415);
    expect(await response.json()).toMatchObject({ error: 'unsupported_media_type' });
  });

  test('is never the address of a client', () => {
    for (let n = 0; n < 100; n++) expect(newClientId()).toMatch(/^c_/);
  });
});
