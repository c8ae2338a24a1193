import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClientState } from '../../src/domain/client/client-state.js';
import { authorizationRequest, OAuthBrowser, postForm } from '../support/oauth-browser.js';
import { type OAuthServer, startOAuthServer, type TestClient } from '../support/oauth-server.js';

const HOLD = { hold_id: 'h1', kind: 'operator' as const, placed_at: '2026-11-01T00:00:00.000Z' };

describe('the authorization endpoint and the state of a client', () => {
  let server: OAuthServer;

  beforeAll(async () => {
    server = await startOAuthServer();
  });

  afterAll(async () => {
    await server.close();
  });

  const requestOf = (client: TestClient, parameters: Record<string, string | null> = {}) =>
    authorizationRequest(server.url, {
      client_id: client.client_id,
      redirect_uri: client.redirect_uri,
      ...parameters,
    });

  describe('pending', () => {
    it('T-16 waits on a live page, and goes on with the same request after the approval', async () => {
      const client = await server.putClient({ state: { status: 'pending' } });
      const request = requestOf(client, { state: 'kept' });
      const browser = new OAuthBrowser(server.url);
      const waiting = await browser.open(request.url);
      expect(waiting.status).toBe(200);
      expect(waiting.url.pathname).toBe('/authorize');
      expect(waiting.body).toContain('Waiting for approval');
      expect(waiting.body).toContain(client.client_id);

      const next = reloadTarget(waiting.body);
      expect((await browser.open(next)).body).toContain('Waiting for approval');
      expect(await status(browser, next)).toBe('pending');

      await server.changeClient(client.client_id, { status: 'active' });
      expect(await status(browser, next)).toBe('ready');
      const end = await browser.consent(await browser.open(next));
      expect(end.url.searchParams.get('state')).toBe('kept');
      const answer = await postForm(`${server.url}/token`, {
        grant_type: 'authorization_code',
        client_id: client.client_id,
        code: end.url.searchParams.get('code')!,
        redirect_uri: client.redirect_uri,
        code_verifier: request.verifier,
      });
      expect(answer.status).toBe(200);
    });

    it('keeps a pushed request while it waits', async () => {
      const client = await server.putClient({ state: { status: 'pending' } });
      const pushed = await postForm(
        `${server.url}/par`,
        Object.fromEntries(requestOf(client).url.searchParams),
      );
      const browser = new OAuthBrowser(server.url);
      const query = new URLSearchParams({
        client_id: client.client_id,
        request_uri: String(pushed.body['request_uri']),
      });
      const waiting = await browser.open(`/authorize?${query.toString()}`);
      await server.changeClient(client.client_id, { status: 'active' });
      const end = await browser.consent(await browser.open(reloadTarget(waiting.body)));
      expect(end.url.searchParams.get('code')).toEqual(expect.any(String));
    });

    it('ends the wait with a page when the client is denied', async () => {
      const client = await server.putClient({ state: { status: 'pending' } });
      const browser = new OAuthBrowser(server.url);
      const waiting = await browser.open(requestOf(client).url);
      await server.changeClient(client.client_id, { status: 'denied' });
      const end = await browser.open(reloadTarget(waiting.body));
      expect(end.status).toBe(400);
      expect(end.body).toContain('not registered here');
    });
  });

  it('shows a suspended client as such, without a redirect', async () => {
    const client = await server.putClient({ state: { holds: [HOLD] } });
    const page = await new OAuthBrowser(server.url).open(requestOf(client).url);
    expect(page.status).toBe(403);
    expect(page.body).toContain('suspended');
    expect(page.headers.get('location')).toBeNull();
  });

  it.each<[string, Partial<ClientState>]>([
    ['denied', { status: 'denied' }],
    ['expired', { status: 'expired' }],
    ['past its expiry', { expires_at: '2026-01-01T00:00:00.000Z' }],
    ['deleted', { status: 'deleted' }],
  ])('M-42 shows a page for a client that is %s, without a redirect', async (_, state) => {
    const client = await server.putClient({ state });
    const page = await new OAuthBrowser(server.url).open(requestOf(client).url);
    expect(page.status).toBe(400);
    expect(page.body).toContain('not registered here');
  });

  it('T-08 tells a client that asks for JSON that its registration is gone', async () => {
    const { url } = authorizationRequest(server.url, {
      client_id: 'c_gone',
      redirect_uri: 'http://localhost:1/cb',
    });
    const answer = await fetch(url, { headers: { accept: 'application/json' }, redirect: 'manual' });
    expect(answer.status).toBe(400);
    expect(answer.headers.get('content-type')).toContain('application/json');
    expect(await answer.json()).toMatchObject({ error: 'invalid_client' });
  });

  it('tells a client that asks for JSON that it is suspended, in a way that makes nobody register again', async () => {
    const client = await server.putClient({ state: { holds: [HOLD] } });
    const answer = await fetch(requestOf(client).url, {
      headers: { accept: 'application/json' },
      redirect: 'manual',
    });
    expect(answer.status).toBe(403);
    expect(await answer.json()).toMatchObject({ error: 'access_denied' });
  });

  it.each<[string, Partial<ClientState>, string]>([
    ['suspended', { holds: [HOLD] }, 'suspended'],
    ['deleted', { status: 'deleted' }, 'not registered here'],
  ])('stops in the middle when the client is %s', async (_, state, text) => {
    const client = await server.putClient();
    const browser = new OAuthBrowser(server.url);
    const signIn = await browser.open(requestOf(client).url);
    const consent = await browser.submit(signIn, '/sign-in', { name: 'ada' });
    await server.changeClient(client.client_id, state);
    const end = await browser.submit(consent, '/consent', { decision: 'allow' });
    expect(end.body).toContain(text);
  });

  it('answers a code of a client that was suspended meanwhile with invalid_grant', async () => {
    const client = await server.putClient();
    const request = requestOf(client);
    const browser = new OAuthBrowser(server.url);
    const end = await browser.consent(await browser.open(request.url));
    await server.changeClient(client.client_id, { holds: [HOLD] });
    const answer = await postForm(`${server.url}/token`, {
      grant_type: 'authorization_code',
      client_id: client.client_id,
      code: end.url.searchParams.get('code')!,
      redirect_uri: client.redirect_uri,
      code_verifier: request.verifier,
    });
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  });
});

function reloadTarget(body: string): string {
  return /http-equiv="refresh" content="\d+;url=([^"]+)"/.exec(body)![1]!;
}

/** What the page's script reads. */
async function status(browser: OAuthBrowser, address: string): Promise<unknown> {
  const page = await browser.open(address, 'application/json');
  return (JSON.parse(page.body) as { status: unknown }).status;
}
