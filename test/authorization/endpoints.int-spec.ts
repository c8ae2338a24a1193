import { request as rawRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postForm } from '../support/oauth-browser.js';
import { type OAuthServer, RESOURCE, startOAuthServer, type TestClient } from '../support/oauth-server.js';

const WELL_KNOWN = ['/.well-known/oauth-authorization-server', '/.well-known/openid-configuration'];

describe('the endpoints of the authorization server', () => {
  let server: OAuthServer;
  let client: TestClient;

  beforeAll(async () => {
    server = await startOAuthServer();
    client = await server.putClient();
  });

  afterAll(async () => {
    await server.close();
  });

  describe('metadata', () => {
    it.each(WELL_KNOWN)('A-01 P-05 is served at %s, the same at both', async (path) => {
      const answer = await fetch(`${server.url}${path}`);
      expect(answer.status).toBe(200);
      expect(answer.headers.get('content-type')).toContain('application/json');
      expect(await answer.json()).toEqual(await (await fetch(`${server.url}${WELL_KNOWN[0]}`)).json());
    });

    it('A-02 A-03 A-04 A-05 A-06 A-09 C4 is what this file says', async () => {
      const algorithms = [
        'ES256',
        'ES384',
        'ES512',
        'EdDSA',
        'Ed25519',
        'PS256',
        'PS384',
        'PS512',
        'RS256',
        'RS384',
        'RS512',
      ];
      const methods = ['none', 'client_secret_basic', 'client_secret_post', 'private_key_jwt'];
      expect(await (await fetch(`${server.url}${WELL_KNOWN[0]}`)).json()).toEqual({
        issuer: server.url,
        authorization_endpoint: `${server.url}/authorize`,
        token_endpoint: `${server.url}/token`,
        jwks_uri: `${server.url}/jwks`,
        registration_endpoint: `${server.url}/register`,
        revocation_endpoint: `${server.url}/revoke`,
        introspection_endpoint: `${server.url}/introspect`,
        pushed_authorization_request_endpoint: `${server.url}/par`,
        scopes_supported: ['mcp:tools', 'mcp:admin', 'offline_access'],
        response_types_supported: ['code'],
        response_modes_supported: ['query', 'fragment', 'form_post'],
        grant_types_supported: ['authorization_code', 'refresh_token', 'client_credentials'],
        token_endpoint_auth_methods_supported: methods,
        token_endpoint_auth_signing_alg_values_supported: algorithms,
        revocation_endpoint_auth_methods_supported: methods,
        revocation_endpoint_auth_signing_alg_values_supported: algorithms,
        introspection_endpoint_auth_methods_supported: methods,
        introspection_endpoint_auth_signing_alg_values_supported: algorithms,
        code_challenge_methods_supported: ['S256'],
        authorization_response_iss_parameter_supported: true,
        request_parameter_supported: true,
        request_uri_parameter_supported: false,
        request_object_signing_alg_values_supported: algorithms,
        dpop_signing_alg_values_supported: ['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
        protected_resources: [RESOURCE],
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: ['ES256'],
      });
    });

    it('A-08 T-07 names the registration endpoint only while anybody may register', async () => {
      for (const registration of ['token', 'closed'] as const) {
        await server.configureRealm({ registration });
        expect(await (await fetch(`${server.url}${WELL_KNOWN[0]}`)).json()).not.toHaveProperty(
          'registration_endpoint',
        );
      }
      await server.configureRealm({ registration: 'open' });
      expect(await (await fetch(`${server.url}${WELL_KNOWN[0]}`)).json()).toHaveProperty(
        'registration_endpoint',
      );
    });

    it('shows public keys only', async () => {
      const { keys } = (await (await fetch(`${server.url}/jwks`)).json()) as {
        keys: Record<string, unknown>[];
      };
      expect(keys).toHaveLength(1);
      expect(Object.keys(keys[0]!).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
    });
  });

  it('C5 takes no address from the request', async () => {
    const headers = {
      host: 'evil.example',
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'https',
      forwarded: 'host=evil.example',
    };
    const honest = await get(`${server.url}${WELL_KNOWN[0]}`, {});
    expect((await get(`${server.url}${WELL_KNOWN[0]}`, headers)).body).toBe(honest.body);

    const query = new URLSearchParams({
      response_type: 'code',
      client_id: client.client_id,
      redirect_uri: client.redirect_uri,
      code_challenge: 'x'.repeat(43),
      code_challenge_method: 'S256',
    });
    const { headers: answer } = await get(`${server.url}/authorize?${query.toString()}`, headers);
    expect(answer['location']).toMatch(/^\/interaction\//);
    expect(JSON.stringify(answer)).not.toContain('evil');
  });

  it('marks its cookies as the issuer demands, whatever lies between', async () => {
    const query = new URLSearchParams({
      response_type: 'code',
      client_id: client.client_id,
      redirect_uri: client.redirect_uri,
      code_challenge: 'x'.repeat(43),
      code_challenge_method: 'S256',
    });
    const cookies = async (): Promise<string[]> => {
      const answer = await fetch(`${server.url}/authorize?${query.toString()}`, { redirect: 'manual' });
      return answer.headers.getSetCookie().map((line) => line.toLowerCase());
    };
    for (const line of await cookies()) expect(line).toMatch(/samesite=lax; httponly$/);
    await server.configureRealm({ issuer: 'https://auth.example' });
    for (const line of await cookies()) expect(line).toMatch(/samesite=lax; secure; httponly$/);
    await server.configureRealm({ issuer: server.url });
  });

  describe('CORS', () => {
    it.each([...WELL_KNOWN, '/jwks', '/token', '/revoke', '/introspect', '/par'])(
      'P-06 T-18 answers the preflight of %s',
      async (path) => {
        const answer = await fetch(`${server.url}${path}`, {
          method: 'OPTIONS',
          headers: {
            origin: 'https://inspector.example',
            'access-control-request-method': 'POST',
            'access-control-request-headers': 'content-type, mcp-protocol-version',
          },
        });
        expect(answer.status).toBe(204);
        expect(answer.headers.get('access-control-allow-origin')).toBe('*');
        expect(answer.headers.get('access-control-allow-headers')).toContain('mcp-protocol-version');
      },
    );

    it.each([
      [
        'an OAuth error',
        '/token',
        { method: 'POST', body: new URLSearchParams({ grant_type: 'client_credentials', client_id: 'c_x' }) },
      ],
      ['a wrong method', '/token', { method: 'GET' }],
      [
        'a wrong media type',
        '/revoke',
        { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } },
      ],
    ])('P-06 is there on %s as well', async (_, path, init: RequestInit) => {
      const answer = await fetch(`${server.url}${path}`, {
        ...init,
        headers: { ...(init.headers as Record<string, string>), origin: 'https://a.example' },
      });
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    });

    it('P-06 is not there at authorize', async () => {
      const answer = await fetch(`${server.url}/authorize`, { headers: { origin: 'https://a.example' } });
      expect(answer.headers.get('access-control-allow-origin')).toBeNull();
      expect((await fetch(`${server.url}/authorize`, { method: 'OPTIONS' })).status).toBe(405);
    });
  });

  describe('what is not understood', () => {
    it.each([
      ['GET', '/token', 'POST, OPTIONS'],
      ['PUT', '/introspect', 'POST, OPTIONS'],
      ['DELETE', '/revoke', 'POST, OPTIONS'],
      ['POST', '/authorize', 'GET'],
      ['POST', '/jwks', 'GET, OPTIONS'],
      ['POST', '/.well-known/oauth-authorization-server', 'GET, OPTIONS'],
    ])('R-71 answers 405 to %s %s', async (method, path, allow) => {
      const init = method === 'PUT' ? { body: '{}', headers: { 'content-type': 'application/json' } } : {};
      const answer = await fetch(`${server.url}${path}`, { method, ...init });
      expect(answer.status).toBe(405);
      expect(answer.headers.get('allow')).toBe(allow);
      expect(await answer.json()).toMatchObject({ error: 'method_not_allowed' });
    });

    it('R-71 answers 415 to other media types, as OAuth JSON', async () => {
      for (const type of ['application/json', 'text/plain', 'multipart/form-data; boundary=x']) {
        const answer = await fetch(`${server.url}/token`, {
          method: 'POST',
          body: '{}',
          headers: { 'content-type': type },
        });
        expect(answer.status).toBe(415);
        expect(await answer.json()).toMatchObject({ error: 'unsupported_media_type' });
      }
    });

    it('V1 answers 413 to a body that is too large, and 400 to too many parameters', async () => {
      const large = await postForm(`${server.url}/token`, { client_id: 'x'.repeat(64 * 1024) });
      expect(large).toMatchObject({ status: 413, body: { error: 'payload_too_large' } });
      const many = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`p${index}`, '1']));
      expect(await postForm(`${server.url}/token`, many)).toMatchObject({
        status: 400,
        body: { error: 'invalid_request' },
      });
    });

    it('V3 answers 400 to U+0000, whatever the parameter', async () => {
      for (const name of ['client_id', 'code', 'refresh_token', 'scope', 'resource', 'anything']) {
        const answer = await postForm(`${server.url}/token`, {
          client_id: client.client_id,
          [name]: 'a\u0000b',
        });
        expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
      }
    });

    it('refuses a parameter that is sent twice', async () => {
      const answer = await fetch(`${server.url}/token`, {
        method: 'POST',
        body: new URLSearchParams([
          ['client_id', client.client_id],
          ['grant_type', 'refresh_token'],
          ['grant_type', 'refresh_token'],
          ['refresh_token', 'x'],
        ]),
      });
      expect(answer.status).toBe(400);
      expect(await answer.json()).toMatchObject({ error: 'invalid_request' });
    });
  });
});

describe('when the database fails', () => {
  it.each([
    ['is broken', '42P01', 500, 'server_error'],
    ['is not there', '57P03', 503, 'temporarily_unavailable'],
  ])(
    'T-09 C-45 says so when it %s, never invalid_client, and nothing of the inside',
    async (_, code, status, error) => {
      const server = await startOAuthServer();
      try {
        const { client_id: id } = await server.putClient();
        await server.pool.query(`
        alter table client_directory rename to out_of_reach;
        create function fail() returns setof out_of_reach language plpgsql as
          $$ begin raise exception 'an inside story' using errcode = '${code}'; end $$;
        create view client_directory as select * from fail();
        grant select on client_directory to public`);
        const form = { grant_type: 'refresh_token', refresh_token: 'x', client_id: id };
        const answer = await postForm(`${server.url}/token`, form);
        expect(answer).toMatchObject({ status, body: { error } });
        expect(answer.headers.has('retry-after')).toBe(status === 503);

        const page = await fetch(`${server.url}/authorize?client_id=${id}`, {
          headers: { accept: 'text/html' },
        });
        expect(page.status).toBe(status);
        const text = await page.text();
        expect(text).toContain('Something went wrong here');
        expect(text + JSON.stringify(answer.body)).not.toMatch(/inside story|client_directory/i);

        const json = await fetch(`${server.url}/authorize?client_id=${id}`, {
          headers: { accept: 'application/json' },
        });
        expect(json.status).toBe(status);
        expect(await json.json()).toMatchObject({ error });
      } finally {
        await server.close();
      }
    },
  );
});

/** fetch would not send a Host of our choice. */
function get(
  url: string,
  headers: Record<string, string>,
): Promise<{ body: string; headers: NodeJS.Dict<string | string[]> }> {
  return new Promise((resolve, reject) => {
    rawRequest(url, { headers }, (answer) => {
      let body = '';
      answer.setEncoding('utf8').on('data', (part: string) => (body += part));
      answer.on('end', () => resolve({ body, headers: answer.headers }));
    })
      .on('error', reject)
      .end();
  });
}
