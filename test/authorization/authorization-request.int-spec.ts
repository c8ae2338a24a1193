import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { authorizationRequest, OAuthBrowser, postForm } from '../support/oauth-browser.js';
import { obtainCode, obtainTokens } from '../support/oauth-tokens.js';
import { type OAuthServer, RESOURCE, startOAuthServer, type TestClient } from '../support/oauth-server.js';

describe('the authorization request', () => {
  let server: OAuthServer;
  let client: TestClient;

  beforeAll(async () => {
    server = await startOAuthServer();
    client = await server.putClient();
  });

  afterAll(async () => {
    await server.close();
  });

  const open = (parameters: Record<string, string | null>, browser = new OAuthBrowser(server.url)) =>
    browser.open(
      authorizationRequest(server.url, {
        client_id: client.client_id,
        redirect_uri: client.redirect_uri,
        ...parameters,
      }).url,
    );

  describe('redirect_uri', () => {
    const native = (uris: string[]): Promise<TestClient> =>
      server.putClient({ metadata: { redirect_uris: uris, application_type: 'native' } });

    it.each([
      ['http://127.0.0.1/cb', 'http://127.0.0.1:51004/cb'],
      ['http://127.0.0.1:3118/cb', 'http://127.0.0.1/cb'],
      ['http://[::1]/cb', 'http://[::1]:51004/cb'],
      ['http://localhost/callback', 'http://localhost:3118/callback'],
    ])('R-47 R-48 lets %s be asked for as %s', async (registered, requested) => {
      const local = await native([registered]);
      const { form } = await obtainCode(server, local, { authorize: { redirect_uri: requested } });
      expect((await postForm(`${server.url}/token`, { ...form, redirect_uri: registered })).status).toBe(400);
      expect((await postForm(`${server.url}/token`, form)).status).toBe(200);
    });

    it('R-48 holds for a client that calls itself web, too', async () => {
      const web = await server.putClient({ metadata: { redirect_uris: ['http://localhost/cb'] } });
      const { response } = await obtainCode(server, web, {
        authorize: { redirect_uri: 'http://localhost:4000/cb' },
      });
      expect(response.get('code')).toEqual(expect.any(String));
    });

    it.each([
      ['http://localhost/cb', 'http://127.0.0.1:51004/cb'],
      ['http://127.0.0.1/cb', 'http://127.0.0.1:51004/cb/'],
      ['https://app.example/cb', 'https://app.example:8443/cb'],
      ['https://app.example/cb', 'https://app.example/cb?x=1'],
      ['https://app.example/cb', 'https://app.example/CB'],
    ])('R-46 R-49 shows a page when %s is registered and %s asked for', async (registered, requested) => {
      const local = await native([registered]);
      const page = await open({ client_id: local.client_id, redirect_uri: requested });
      expect(page.status).toBe(400);
      expect(page.headers.get('location')).toBeNull();
      expect(page.body).toContain('redirect_uri');
    });

    it('hands a code to an app with a private-use scheme', async () => {
      const cursor = await native([
        'cursor://anysphere.cursor-mcp/oauth/callback',
        'https://www.cursor.com/agents/mcp/oauth/callback',
        'http://localhost:8787/callback',
      ]);
      const browser = new OAuthBrowser(server.url);
      const consent = await browser.submit(
        await open(
          { client_id: cursor.client_id, redirect_uri: 'cursor://anysphere.cursor-mcp/oauth/callback' },
          browser,
        ),
        '/sign-in',
        { name: 'ada' },
      );
      expect(consent.headers.get('content-security-policy')).toContain("form-action 'self' cursor:");
      const end = await browser.submit(consent, '/consent', { decision: 'allow' });
      expect(end.url.href).toContain('cursor://anysphere.cursor-mcp/oauth/callback?code=');
    });
  });

  describe('scope', () => {
    const scopeFor = async (scope: string | null, more: Record<string, string> = {}): Promise<unknown> =>
      (await obtainTokens(server, client, { authorize: { scope, ...more } })).body['scope'];

    it.each([
      ['none', null],
      ['offline_access alone', 'offline_access'],
      ['scopes of OpenID Connect that the realm does not have', 'openid email profile'],
    ])('gives the default scope for %s', async (_, scope) => {
      expect(await scopeFor(scope)).toBe('mcp:tools');
    });

    it('prefers the registered scope as the default', async () => {
      const admin = await server.putClient({ metadata: { scope: 'mcp:admin' } });
      expect((await obtainTokens(server, admin)).body['scope']).toBe('mcp:admin');
    });

    it('P-11 grants more than was registered, without what the realm does not know', async () => {
      expect(await scopeFor('mcp:tools mcp:admin made:up offline_access')).toBe('mcp:tools mcp:admin');
    });

    it('accepts offline_access with prompt=consent, as SDKs send it', async () => {
      expect(await scopeFor('mcp:tools offline_access', { prompt: 'consent' })).toBe('mcp:tools');
    });

    it('sends invalid_scope back when nothing of it can be granted', async () => {
      expect((await open({ scope: 'made:up' })).url.searchParams.get('error')).toBe('invalid_scope');
    });

    it('R-103 keeps a client under its ceiling', async () => {
      const capped = await server.putClient({ state: { obligations: { scope_ceiling: ['mcp:tools'] } } });
      const { body } = await obtainTokens(server, capped, { authorize: { scope: 'mcp:tools mcp:admin' } });
      expect(body['scope']).toBe('mcp:tools');
    });

    it('works for a resource without any scope', async () => {
      await server.configureRealm({ scopes: [], default_scopes: [], resources: [], default_resource: null });
      const { status, body } = await obtainTokens(server, client, {
        authorize: { resource: 'http://localhost:8080' },
      });
      expect(status).toBe(200);
      expect(body).not.toHaveProperty('scope');
      expect(decodeJwt(String(body['access_token']))).not.toHaveProperty('scope');
      await server.configureRealm({
        scopes: ['mcp:tools', 'mcp:admin', 'offline_access'],
        default_scopes: ['mcp:tools'],
        resources: [
          {
            identifier: RESOURCE,
            name: 'MCP',
            scopes: ['mcp:tools', 'mcp:admin'],
            token_format: 'jwt',
            token_lifetime: 300,
          },
        ],
        default_resource: RESOURCE,
      });
    });
  });

  describe('resource', () => {
    const audience = async (resource: string | null, atToken?: string): Promise<unknown> => {
      const flow = {
        authorize: { resource },
        ...(atToken !== undefined && { token: { resource: atToken } }),
      };
      return decodeJwt(String((await obtainTokens(server, client, flow)).body['access_token'])).aud;
    };

    it('P-12 becomes the audience, named at both endpoints or at one', async () => {
      expect(await audience(null)).toBe(RESOURCE);
      expect(await audience('http://localhost:8080/mcp')).toBe('http://localhost:8080/mcp');
      expect(await audience('http://localhost:8080', 'http://localhost:8080/')).toBe('http://localhost:8080');
      expect(await audience('http://localhost:8080/', 'http://localhost:8080')).toBe('http://localhost:8080');
    });

    it('refuses a resource that is unknown', async () => {
      expect((await open({ resource: 'https://unknown.example' })).url.searchParams.get('error')).toBe(
        'invalid_target',
      );
    });

    it('refuses a token for a resource that was not allowed', async () => {
      const { form } = await obtainCode(server, client);
      const answer = await postForm(`${server.url}/token`, { ...form, resource: 'http://localhost:8080' });
      expect(answer.body['error']).toBe('invalid_target');
    });

    it('refuses what is beyond the ceiling of the client', async () => {
      const capped = await server.putClient({ state: { obligations: { resource_ceiling: [RESOURCE] } } });
      const page = await open({ client_id: capped.client_id, resource: 'http://localhost:8080' });
      expect(page.url.searchParams.get('error')).toBe('invalid_target');
    });
  });

  it('sends unauthorized_client back to a client without the code grant', async () => {
    const machine = await server.putClient({
      state: { obligations: { grant_types: ['client_credentials'] } },
    });
    expect((await open({ client_id: machine.client_id })).url.searchParams.get('error')).toBe(
      'unauthorized_client',
    );
  });

  it('insists on a pushed request where the client registered so (RFC 9126 section 6)', async () => {
    const pushing = await server.putClient({ metadata: { require_pushed_authorization_requests: true } });
    expect((await open({ client_id: pushing.client_id })).url.searchParams.get('error')).toBe(
      'invalid_request',
    );
  });

  it.each([
    ['a NUL in a parameter', { state: 'a\u0000b' }],
    ['a NUL in the client_id', { client_id: 'c_\u0000' }],
    ['no client_id', { client_id: null }],
    ['a client_id that is no identifier', { client_id: 'ä'.repeat(1000) }],
  ])('shows a page for %s', async (_, parameters: Record<string, string | null>) => {
    const page = await open(parameters);
    expect(page.status).toBe(400);
    expect(page.headers.get('content-type')).toContain('text/html');
    expect(page.headers.get('location')).toBeNull();
  });

  it('C1 shows where the answer goes first, and the name the client gave itself quoted, as text', async () => {
    const liar = await server.putClient({
      metadata: { client_name: '<script>alert(1)</script>', redirect_uris: ['https://liar.example/cb'] },
    });
    const browser = new OAuthBrowser(server.url);
    const signIn = await open(
      { client_id: liar.client_id, redirect_uri: 'https://liar.example/cb' },
      browser,
    );
    const { body } = await browser.submit(signIn, '/sign-in', { name: '<b>ada</b>' });
    expect(body.indexOf('liar.example')).toBeLessThan(body.indexOf('alert(1)'));
    expect(body).not.toContain('<script>');
    expect(body).toContain('“<bdi>&lt;script&gt;alert(1)&lt;/script&gt;</bdi>”');
    expect(body).toContain('&lt;b&gt;ada&lt;/b&gt;');
    expect(body).toContain('nobody has checked it');
  });

  it('R4 warns when the answer goes to the own computer', async () => {
    const local = await server.putClient({
      metadata: { redirect_uris: ['http://localhost/cb'], application_type: 'native' },
    });
    const browser = new OAuthBrowser(server.url);
    const signIn = await open(
      { client_id: local.client_id, redirect_uri: 'http://localhost:3118/cb' },
      browser,
    );
    const { body } = await browser.submit(signIn, '/sign-in', { name: 'ada' });
    expect(body).toContain('localhost:3118');
    expect(body).toContain('any program on this computer');
  });
});
