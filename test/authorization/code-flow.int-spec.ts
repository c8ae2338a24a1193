import { decodeJwt, decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { authorizationRequest, OAuthBrowser, postForm } from '../support/oauth-browser.js';
import { obtainCode, obtainTokens } from '../support/oauth-tokens.js';
import { type OAuthServer, RESOURCE, startOAuthServer, type TestClient } from '../support/oauth-server.js';

describe('the authorization code flow', () => {
  let server: OAuthServer;
  let client: TestClient;

  beforeAll(async () => {
    server = await startOAuthServer();
    client = await server.putClient();
  });

  afterAll(async () => {
    await server.close();
  });

  it('leads from sign-in and consent to an access token and a refresh token', async () => {
    const answer = await obtainTokens(server, client);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.body).toMatchObject({ token_type: 'Bearer', expires_in: 300, scope: 'mcp:tools' });
    expect(answer.body['refresh_token']).toEqual(expect.any(String));

    const token = String(answer.body['access_token']);
    expect(decodeProtectedHeader(token)).toMatchObject({
      alg: 'ES256',
      typ: 'at+jwt',
      kid: expect.any(String),
    });
    expect(decodeJwt(token)).toMatchObject({
      iss: server.url,
      aud: RESOURCE,
      client_id: client.client_id,
      sub: expect.stringMatching(/^u_[\w-]{22}$/),
      jti: expect.any(String),
      grant_id: expect.any(String),
      scope: 'mcp:tools',
    });
  });

  it('knows a person again by name, in whatever browser', async () => {
    const subjects = await Promise.all(
      [1, 2].map(
        async () => decodeJwt(String((await obtainTokens(server, client)).body['access_token'])).sub,
      ),
    );
    expect(subjects[0]).toBe(subjects[1]);
  });

  it('A-06 P-14 sends iss and state with the code', async () => {
    const { response } = await obtainCode(server, client, { authorize: { state: 'a state' } });
    expect(response.get('iss')).toBe(server.url);
    expect(response.get('state')).toBe('a state');
  });

  it('A-06 sends iss with an error, a refusal included', async () => {
    const browser = new OAuthBrowser(server.url);
    const { url } = authorizationRequest(server.url, {
      client_id: client.client_id,
      redirect_uri: client.redirect_uri,
    });
    const consent = await browser.submit(await browser.open(url), '/sign-in', { name: 'ada' });
    const end = await browser.submit(consent, '/consent', { decision: 'deny' });
    expect(end.url.searchParams.get('error')).toBe('access_denied');
    expect(end.url.searchParams.get('iss')).toBe(server.url);
  });

  it('P-13 refuses a request without PKCE, and one with the plain method', async () => {
    for (const parameters of [
      { code_challenge: null, code_challenge_method: null },
      { code_challenge_method: 'plain' },
    ]) {
      const { url } = authorizationRequest(server.url, {
        client_id: client.client_id,
        redirect_uri: client.redirect_uri,
        ...parameters,
      });
      const end = await new OAuthBrowser(server.url).open(url);
      expect(end.url.searchParams.get('error')).toBe('invalid_request');
    }
  });

  it('refuses a wrong code verifier, a second use of a code, and ends the grant at that', async () => {
    const { form } = await obtainCode(server, client);
    const wrong = await postForm(`${server.url}/token`, { ...form, code_verifier: 'w'.repeat(43) });
    expect(wrong.body['error']).toBe('invalid_grant');

    const first = await postForm(`${server.url}/token`, form);
    expect(first.status).toBe(200);
    const second = await postForm(`${server.url}/token`, form);
    expect(second.body['error']).toBe('invalid_grant');
    const { body } = await postForm(`${server.url}/introspect`, {
      client_id: client.client_id,
      token: String(first.body['access_token']),
    });
    expect(body).toEqual({ active: false });
  });

  it('lets one of two simultaneous uses of a code through at most', async () => {
    const { form } = await obtainCode(server, client);
    const answers = await Promise.all([1, 2, 3, 4].map(() => postForm(`${server.url}/token`, form)));
    expect(answers.filter((answer) => answer.status === 200).length).toBeLessThanOrEqual(1);
    expect(answers.filter((answer) => answer.status >= 500)).toEqual([]);
  });

  it('P10 asks again for a client that nobody vouched for, in a session that allowed it before', async () => {
    const browser = new OAuthBrowser(server.url);
    await obtainCode(server, client, { browser });
    const { url } = authorizationRequest(server.url, {
      client_id: client.client_id,
      redirect_uri: client.redirect_uri,
    });
    expect((await browser.open(url)).body).toContain('/consent"');
  });

  it('remembers within a session what was allowed to an approved client, but never for a loopback redirect', async () => {
    const approved = await server.putClient({ state: { obligations: { trust: 'approved' } } });
    const browser = new OAuthBrowser(server.url);
    await obtainCode(server, approved, { browser });
    const again = authorizationRequest(server.url, {
      client_id: approved.client_id,
      redirect_uri: approved.redirect_uri,
    });
    expect((await browser.open(again.url)).url.searchParams.get('code')).toEqual(expect.any(String));

    const local = await server.putClient({
      metadata: { redirect_uris: ['http://localhost/callback'], application_type: 'native' },
      state: { obligations: { trust: 'approved' } },
    });
    await obtainCode(server, local, { browser });
    const once = authorizationRequest(server.url, {
      client_id: local.client_id,
      redirect_uri: local.redirect_uri,
    });
    expect((await browser.open(once.url)).body).toContain('/consent"');
  });

  it('lets another person sign in from the consent page, without anything of the first', async () => {
    const browser = new OAuthBrowser(server.url);
    const first = await obtainTokens(server, client, { browser });
    const request = authorizationRequest(server.url, {
      client_id: client.client_id,
      redirect_uri: client.redirect_uri,
    });
    const consent = await browser.open(request.url);
    const signIn = await browser.submit(consent, '/switch-user', {});
    expect(signIn.body).toContain('Development sign-in');
    const end = await browser.consent(signIn, 'grace');
    const second = await postForm(`${server.url}/token`, {
      grant_type: 'authorization_code',
      client_id: client.client_id,
      code: end.url.searchParams.get('code')!,
      redirect_uri: client.redirect_uri,
      code_verifier: request.verifier,
    });
    const subject = (answer: typeof first): unknown => decodeJwt(String(answer.body['access_token'])).sub;
    expect(subject(second)).not.toBe(subject(first));
  });

  it('lets another person sign in when the client asks for a new sign-in', async () => {
    const browser = new OAuthBrowser(server.url);
    await obtainTokens(server, client, { browser });
    const { url } = authorizationRequest(server.url, {
      client_id: client.client_id,
      redirect_uri: client.redirect_uri,
      prompt: 'login',
    });
    const end = await browser.consent(await browser.open(url), 'grace');
    expect(end.url.searchParams.get('code')).toEqual(expect.any(String));
  });

  it('lets two tabs sign in as two people, the later of whom counts', async () => {
    const browser = new OAuthBrowser(server.url);
    const url = (): URL =>
      authorizationRequest(server.url, { client_id: client.client_id, redirect_uri: client.redirect_uri })
        .url;
    const tabs = [await browser.open(url()), await browser.open(url())];
    await browser.submit(tabs[0]!, '/sign-in', { name: 'ada' });
    const consent = await browser.submit(tabs[1]!, '/sign-in', { name: 'grace' });
    expect(consent.body).toContain('grace');
    const end = await browser.submit(consent, '/consent', { decision: 'allow' });
    expect(end.url.searchParams.get('code')).toEqual(expect.any(String));
  });

  it('takes a pushed authorization request (RFC 9126), once', async () => {
    const request = authorizationRequest(server.url, {
      client_id: client.client_id,
      redirect_uri: client.redirect_uri,
    });
    const pushed = await postForm(`${server.url}/par`, Object.fromEntries(request.url.searchParams));
    expect(pushed.status).toBe(201);
    const url = new URL(`${server.url}/authorize`);
    url.searchParams.set('client_id', client.client_id);
    url.searchParams.set('request_uri', String(pushed.body['request_uri']));
    const browser = new OAuthBrowser(server.url);
    const end = await browser.consent(await browser.open(url));
    expect(end.url.searchParams.get('code')).toEqual(expect.any(String));
    expect((await browser.open(url)).url.searchParams.get('error')).toBe('invalid_request_uri');
  });

  it('shows a page of its own for an interaction that belongs to another browser', async () => {
    const { url } = authorizationRequest(server.url, {
      client_id: client.client_id,
      redirect_uri: client.redirect_uri,
    });
    const signIn = await new OAuthBrowser(server.url).open(url);
    const stranger = await new OAuthBrowser(server.url).open(signIn.url);
    expect(stranger.status).toBe(400);
    expect(stranger.body).toContain('expired');
  });

  it('P-18 takes no form from another origin, and may not be framed', async () => {
    const { url } = authorizationRequest(server.url, {
      client_id: client.client_id,
      redirect_uri: client.redirect_uri,
    });
    const signIn = await new OAuthBrowser(server.url).open(url);
    const answer = await fetch(`${signIn.url.href}/sign-in`, {
      method: 'POST',
      body: new URLSearchParams({ name: 'mallory' }),
      headers: { origin: 'https://evil.example' },
    });
    expect(answer.status).toBe(400);
    const policy = signIn.headers.get('content-security-policy')!;
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("form-action 'self' https://app.example");
  });

  it('asks for a readable name at the development sign-in', async () => {
    const browser = new OAuthBrowser(server.url);
    const { url } = authorizationRequest(server.url, {
      client_id: client.client_id,
      redirect_uri: client.redirect_uri,
    });
    const signIn = await browser.open(url);
    for (const name of ['', '   ', 'x'.repeat(65), 'a\u0000b', 'a\u202eb']) {
      const again = await browser.submit(signIn, '/sign-in', { name });
      expect(again.status).toBe(400);
      expect(again.body).toContain('/sign-in"');
    }
  });
});

describe('production without an upstream', () => {
  it('has no development sign-in', async () => {
    const server = await startOAuthServer('production');
    try {
      const client = await server.putClient();
      const { url } = authorizationRequest(server.url, {
        client_id: client.client_id,
        redirect_uri: client.redirect_uri,
      });
      const page = await new OAuthBrowser(server.url).open(url);
      expect(page.status).toBe(503);
      const answer = await fetch(`${page.url.href}/sign-in`, {
        method: 'POST',
        body: new URLSearchParams({ name: 'ada' }),
        headers: {
          cookie: page.headers
            .getSetCookie()
            .map((line) => line.split(';')[0])
            .join('; '),
        },
        redirect: 'manual',
      });
      expect(answer.status).toBeGreaterThanOrEqual(400);
    } finally {
      await server.close();
    }
  });
});
