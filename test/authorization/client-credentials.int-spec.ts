import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClientState } from '../../src/domain/client/client-state.js';
import { postForm, type TokenAnswer } from '../support/oauth-browser.js';
import { type OAuthServer, RESOURCE, startOAuthServer, type TestClient } from '../support/oauth-server.js';

const HOLD = { hold_id: 'h1', kind: 'operator' as const, placed_at: '2026-11-01T00:00:00.000Z' };

describe('client_credentials', () => {
  let server: OAuthServer;

  beforeAll(async () => {
    server = await startOAuthServer();
  });

  afterAll(async () => {
    await server.close();
  });

  const machine = (state: Partial<ClientState> = {}, metadata: object = {}): Promise<TestClient> =>
    server.putClient({
      metadata: {
        grant_types: ['client_credentials'],
        response_types: [],
        redirect_uris: [],
        token_endpoint_auth_method: 'client_secret_post',
        ...metadata,
      },
      state,
    });

  const ask = (client: TestClient, form: Record<string, string> = {}): Promise<TokenAnswer> =>
    postForm(`${server.url}/token`, {
      grant_type: 'client_credentials',
      client_id: client.client_id,
      client_secret: client.client_secret,
      ...form,
    });

  const claimsOf = (answer: TokenAnswer) => decodeJwt(String(answer.body['access_token']));

  it('issues a token for the default resource and the registered scope where the request names none', async () => {
    const client = await machine();
    const answer = await ask(client);
    expect(answer).toMatchObject({
      status: 200,
      body: { token_type: 'Bearer', expires_in: 300, scope: 'mcp:tools' },
    });
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.body).not.toHaveProperty('refresh_token');
    expect(claimsOf(answer)).toMatchObject({
      aud: RESOURCE,
      sub: client.client_id,
      client_id: client.client_id,
    });
  });

  it('P-12 binds the token to the resource, in the registered spelling', async () => {
    await server.configureRealm({
      resources: [
        {
          identifier: 'https://api.example',
          name: 'API',
          scopes: [],
          token_format: 'jwt',
          token_lifetime: 120,
        },
        {
          identifier: RESOURCE,
          name: 'MCP',
          scopes: ['mcp:tools', 'mcp:admin'],
          token_format: 'jwt',
          token_lifetime: 300,
        },
      ],
    });
    const answer = await ask(await machine(), { resource: 'https://api.example/' });
    expect(claimsOf(answer).aud).toBe('https://api.example');
    expect(answer.body['expires_in']).toBe(120);
  });

  it('accepts a loopback resource in development and refuses other unknown ones', async () => {
    const client = await machine();
    const local = await ask(client, { resource: 'http://127.0.0.1:8080/mcp' });
    expect(claimsOf(local).aud).toBe('http://127.0.0.1:8080/mcp');
    for (const resource of [
      'https://unknown.example/',
      'not a uri',
      'http://localhost.evil.example/',
      `${RESOURCE}#x`,
    ]) {
      expect((await ask(client, { resource })).body['error']).toBe('invalid_target');
    }
  });

  it('P-11 R-103 lets a client ask for more than it registered, up to its ceiling', async () => {
    const free = await machine();
    expect((await ask(free, { scope: 'mcp:tools mcp:admin' })).body['scope']).toBe('mcp:tools mcp:admin');
    const capped = await machine({ obligations: { scope_ceiling: ['mcp:tools'] } });
    expect((await ask(capped, { scope: 'mcp:tools mcp:admin' })).body['scope']).toBe('mcp:tools');
    expect((await ask(capped, { scope: 'mcp:admin' })).body['error']).toBe('invalid_scope');
  });

  it('M-27 keeps a client within the limits of its initial access token', async () => {
    const client = await machine({
      constraints: { scopes: ['mcp:tools'], resources: [RESOURCE], grant_types: ['client_credentials'] },
    });
    expect((await ask(client, { scope: 'mcp:tools mcp:admin' })).body['scope']).toBe('mcp:tools');
    expect((await ask(client, { resource: 'http://localhost:9/' })).body['error']).toBe('invalid_target');
  });

  it('shortens the life of tokens where the policy says so', async () => {
    expect((await ask(await machine({ obligations: { token_lifetime: 60 } }))).body['expires_in']).toBe(60);
  });

  it.each<[string, Partial<ClientState>, number, string]>([
    ['pending', { status: 'pending' }, 400, 'access_denied'],
    ['suspended', { holds: [HOLD] }, 400, 'access_denied'],
    ['denied', { status: 'denied' }, 401, 'invalid_client'],
    ['deleted', { status: 'deleted' }, 401, 'invalid_client'],
    ['expired', { expires_at: '2026-01-01T00:00:00.000Z' }, 401, 'invalid_client'],
  ])('M-42 answers a %s client on the very next call', async (_, state, status, error) => {
    const client = await machine();
    expect((await ask(client)).status).toBe(200);
    await server.changeClient(client.client_id, state);
    expect(await ask(client)).toMatchObject({ status, body: { error } });
  });

  it('tells nothing about the state of a client to somebody without its secret', async () => {
    const client = await machine({ status: 'pending' });
    expect(await ask({ ...client, client_secret: 'cs_wrong' })).toMatchObject({
      status: 401,
      body: { error: 'invalid_client' },
    });
  });

  it('answers unauthorized_client where the client lacks the grant type (RFC 6749 section 5.2)', async () => {
    const without = await machine({}, { grant_types: ['authorization_code'], response_types: ['code'] });
    expect(await ask(without)).toMatchObject({ status: 400, body: { error: 'unauthorized_client' } });
    const forbidden = await machine({ obligations: { grant_types: ['authorization_code'] } });
    expect(await ask(forbidden)).toMatchObject({ status: 400, body: { error: 'unauthorized_client' } });
  });

  it('refuses unknown grant types and requests without one', async () => {
    const client = await machine();
    expect((await ask(client, { grant_type: 'password' })).body['error']).toBe('unsupported_grant_type');
    expect((await ask(client, { grant_type: '' })).body['error']).toBe('invalid_request');
  });

  it('refuses a client that wants every token bound by DPoP', async () => {
    const client = await machine({}, { dpop_bound_access_tokens: true });
    expect((await ask(client)).body['error']).toBe('invalid_dpop_proof');
  });
});

describe('a realm without resources', () => {
  it('issues tokens for itself', async () => {
    const server = await startOAuthServer();
    try {
      await server.configureRealm({ resources: [], default_resource: null, scopes: [], default_scopes: [] });
      const client = await server.putClient({
        metadata: {
          grant_types: ['client_credentials'],
          token_endpoint_auth_method: 'client_secret_post',
          scope: '',
        },
      });
      const answer = await postForm(`${server.url}/token`, {
        grant_type: 'client_credentials',
        client_id: client.client_id,
        client_secret: client.client_secret,
      });
      expect(answer.status).toBe(200);
      expect(answer.body).not.toHaveProperty('scope');
      expect(decodeJwt(String(answer.body['access_token'])).aud).toBe(server.url);
    } finally {
      await server.close();
    }
  });
});
