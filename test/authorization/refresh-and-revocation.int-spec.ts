import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postForm } from '../support/oauth-browser.js';
import { obtainTokens, refresh } from '../support/oauth-tokens.js';
import { type OAuthServer, RESOURCE, startOAuthServer, type TestClient } from '../support/oauth-server.js';

const HOLD = { hold_id: 'h1', kind: 'operator' as const, placed_at: '2026-11-01T00:00:00.000Z' };

describe('refresh, introspection and revocation', () => {
  let server: OAuthServer;
  let client: TestClient;

  beforeAll(async () => {
    server = await startOAuthServer();
    client = await server.putClient();
  });

  afterAll(async () => {
    await server.close();
  });

  const introspect = async (token: unknown, who = client): Promise<Record<string, unknown>> => {
    const form = { client_id: who.client_id, token: String(token) };
    return (await postForm(`${server.url}/introspect`, form)).body;
  };
  const revoke = (token: unknown, who = client) =>
    postForm(`${server.url}/revoke`, { client_id: who.client_id, token: String(token) });

  it('P-15 rotates refresh tokens, and keeps audience and scope without being told', async () => {
    const { body: first } = await obtainTokens(server, client, {
      authorize: { scope: 'mcp:tools mcp:admin' },
    });
    const { status, body: second } = await refresh(server, client, first['refresh_token']);
    expect(status).toBe(200);
    expect(second['refresh_token']).not.toBe(first['refresh_token']);
    expect(decodeJwt(String(second['access_token']))).toMatchObject({
      aud: RESOURCE,
      scope: 'mcp:tools mcp:admin',
    });
    expect((await refresh(server, client, second['refresh_token'])).status).toBe(200);
  });

  it('P-15 ends the grant when a refresh token is used twice', async () => {
    const { body: first } = await obtainTokens(server, client);
    const { body: second } = await refresh(server, client, first['refresh_token']);
    expect((await refresh(server, client, first['refresh_token'])).body['error']).toBe('invalid_grant');
    expect((await refresh(server, client, second['refresh_token'])).body['error']).toBe('invalid_grant');
    expect(await introspect(second['access_token'])).toEqual({ active: false });
  });

  it('lets one of several simultaneous uses of a refresh token through at most', async () => {
    const { body } = await obtainTokens(server, client);
    const answers = await Promise.all([1, 2, 3, 4].map(() => refresh(server, client, body['refresh_token'])));
    expect(answers.filter((answer) => answer.status === 200).length).toBeLessThanOrEqual(1);
    const refused = answers.filter((answer) => answer.status !== 200);
    expect(refused.map((answer) => [answer.status, answer.body['error']])).toEqual(
      refused.map(() => [400, 'invalid_grant']),
    );
  });

  it('narrows the scope of a refresh, ignores scopes it does not have, and refuses ungranted ones', async () => {
    const { body } = await obtainTokens(server, client, { authorize: { scope: 'mcp:tools mcp:admin' } });
    const narrow = await refresh(server, client, body['refresh_token'], {
      scope: 'mcp:admin offline_access profile',
    });
    expect(narrow.body['scope']).toBe('mcp:admin');

    const other = await obtainTokens(server, client, { authorize: { scope: 'mcp:tools' } });
    const wide = await refresh(server, client, other.body['refresh_token'], { scope: 'mcp:admin' });
    expect(wide.body['error']).toBe('invalid_scope');
  });

  it('issues no refresh token to a client without the grant type', async () => {
    const without = await server.putClient({ metadata: { grant_types: ['authorization_code'] } });
    expect((await obtainTokens(server, without)).body).not.toHaveProperty('refresh_token');
  });

  it('takes a scope away at the next refresh when the ceiling comes down', async () => {
    const other = await server.putClient();
    const { body } = await obtainTokens(server, other, { authorize: { scope: 'mcp:tools mcp:admin' } });
    await server.changeClient(other.client_id, { obligations: { scope_ceiling: ['mcp:tools'] } });
    expect((await refresh(server, other, body['refresh_token'])).body['scope']).toBe('mcp:tools');
  });

  it('answers a suspended client invalid_grant at refresh and inactive at introspection', async () => {
    const other = await server.putClient();
    const { body } = await obtainTokens(server, other);
    expect(await introspect(body['access_token'], other)).toMatchObject({ active: true });
    await server.changeClient(other.client_id, { holds: [HOLD] });
    expect(await refresh(server, other, body['refresh_token'])).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    });
    expect(await introspect(body['access_token'], other)).toEqual({ active: false });
    expect(await introspect(body['refresh_token'], other)).toEqual({ active: false });

    await server.changeClient(other.client_id, { holds: [] });
    expect((await refresh(server, other, body['refresh_token'])).status).toBe(200);
  });

  it('M-41 M-42 answers a deleted client invalid_client at once, everywhere', async () => {
    const other = await server.putClient();
    const { body } = await obtainTokens(server, other);
    await server.changeClient(other.client_id, { status: 'deleted' });
    const gone = { status: 401, body: { error: 'invalid_client' } };
    expect(await refresh(server, other, body['refresh_token'])).toMatchObject(gone);
    for (const endpoint of ['introspect', 'revoke', 'par']) {
      const form = { client_id: other.client_id, token: String(body['access_token']) };
      expect(await postForm(`${server.url}/${endpoint}`, form)).toMatchObject(gone);
    }
    expect(await introspect(body['access_token'])).toEqual({ active: false });
  });

  it('shows a JWT access token to the client it was issued to, and to no other', async () => {
    const { body } = await obtainTokens(server, client);
    const claims = decodeJwt(String(body['access_token']));
    expect(await introspect(body['access_token'])).toEqual({
      active: true,
      token_type: 'Bearer',
      iss: server.url,
      aud: RESOURCE,
      client_id: client.client_id,
      sub: claims.sub,
      jti: claims.jti,
      iat: claims.iat,
      exp: claims.exp,
      scope: 'mcp:tools',
    });
    expect(await introspect(body['access_token'], await server.putClient())).toEqual({ active: false });
    expect(await introspect(body['refresh_token'])).toMatchObject({ active: true });
  });

  it('shows a token of client_credentials to its client', async () => {
    const machine = await server.putClient({
      metadata: { grant_types: ['client_credentials'], token_endpoint_auth_method: 'client_secret_post' },
    });
    const credentials = { client_id: machine.client_id, client_secret: machine.client_secret };
    const token = await postForm(`${server.url}/token`, { grant_type: 'client_credentials', ...credentials });
    const form = { ...credentials, token: String(token.body['access_token']) };
    expect((await postForm(`${server.url}/introspect`, form)).body).toMatchObject({
      active: true,
      aud: RESOURCE,
    });
    await postForm(`${server.url}/revoke`, form);
    expect((await postForm(`${server.url}/introspect`, form)).body).toEqual({ active: false });
  });

  it.each([
    ['an altered token', (token: string) => `${token.slice(0, -6)}AAAAAA`],
    ['an unsigned token', (token: string) => `${btoa('{"alg":"none"}')}.${token.split('.')[1]}.`],
    ['somebody else’s JWT', () => 'eyJhbGciOiJIUzI1NiJ9.eyJqdGkiOiJ4In0.c2ln'],
    ['nonsense', () => 'nonsense'],
  ])('calls %s inactive', async (_, alter) => {
    const { body } = await obtainTokens(server, client);
    expect(await introspect(alter(String(body['access_token'])))).toEqual({ active: false });
    expect((await revoke(alter(String(body['access_token'])))).status).toBe(200);
    expect(await introspect(body['access_token'])).toMatchObject({ active: true });
  });

  it('revokes one access token and leaves the grant', async () => {
    const { body } = await obtainTokens(server, client);
    expect((await revoke(body['access_token'])).status).toBe(200);
    expect(await introspect(body['access_token'])).toEqual({ active: false });
    expect((await refresh(server, client, body['refresh_token'])).status).toBe(200);
  });

  it('revokes the whole grant with its refresh token', async () => {
    const { body } = await obtainTokens(server, client);
    expect((await revoke(body['refresh_token'])).status).toBe(200);
    expect(await introspect(body['access_token'])).toEqual({ active: false });
    expect((await refresh(server, client, body['refresh_token'])).body['error']).toBe('invalid_grant');
  });

  it('lets no client revoke the tokens of another', async () => {
    const { body } = await obtainTokens(server, client);
    const other = await server.putClient();
    await revoke(body['access_token'], other);
    await revoke(body['refresh_token'], other);
    expect(await introspect(body['access_token'])).toMatchObject({ active: true });
    expect((await refresh(server, client, body['refresh_token'])).status).toBe(200);
  });
});
