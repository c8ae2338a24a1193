import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OAuthBrowser, postForm, type Stop } from '../support/oauth-browser.js';
import { type ClientKey, clientKey } from '../support/oauth-proofs.js';
import {
  type ClientChanges,
  type OAuthServer,
  startOAuthServer,
  type TestClient,
} from '../support/oauth-server.js';

describe('signed authorization requests (RFC 9101)', () => {
  let server: OAuthServer;
  let key: ClientKey;

  beforeAll(async () => {
    server = await startOAuthServer();
    key = await clientKey();
  });

  afterAll(async () => {
    await server.close();
  });

  const verifier = randomBytes(32).toString('base64url');
  const put = (metadata: ClientChanges['metadata'] = {}): Promise<TestClient> =>
    server.putClient({ metadata: { jwks: key.jwks, ...metadata } });

  const claims = (client: TestClient, changes: Record<string, unknown> = {}): Record<string, unknown> => ({
    iss: client.client_id,
    aud: server.url,
    client_id: client.client_id,
    response_type: 'code',
    redirect_uri: client.redirect_uri,
    state: 'signed',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...changes,
  });

  const open = (
    client: TestClient,
    parameters: Record<string, string>,
    browser = new OAuthBrowser(server.url),
  ): Promise<Stop> => {
    const query = new URLSearchParams({ client_id: client.client_id, ...parameters });
    return browser.open(`/authorize?${query.toString()}`);
  };

  const errorOf = (stop: Stop): string =>
    stop.url.searchParams.get('error') ?? /invalid_\w+|request_\w+/.exec(stop.body)?.[0] ?? '';

  it('are taken, and every parameter outside of them is not', async () => {
    const client = await put();
    const browser = new OAuthBrowser(server.url);
    const request = await key.sign(claims(client));
    const start = await open(client, { request, state: 'unsigned', scope: 'mcp:admin' }, browser);
    const end = await browser.consent(start);
    expect(end.url.searchParams.get('state')).toBe('signed');
    const answer = await postForm(`${server.url}/token`, {
      grant_type: 'authorization_code',
      code: end.url.searchParams.get('code')!,
      redirect_uri: client.redirect_uri,
      code_verifier: verifier,
      client_id: client.client_id,
    });
    expect(answer).toMatchObject({ status: 200, body: { scope: 'mcp:tools' } });
  });

  it('RFC 9101 section 10.5 are the only ones for a client that registered so, pushed or not', async () => {
    const client = await put({ require_signed_request_object: true });
    const plain = claims(client) as Record<string, string>;
    expect(errorOf(await open(client, plain))).toBe('invalid_request');
    expect((await postForm(`${server.url}/par`, plain)).body['error']).toBe('invalid_request');

    const request = await key.sign(claims(client));
    expect((await open(client, { request })).url.pathname).toMatch(/^\/interaction\//);
    const pushed = await postForm(`${server.url}/par`, { client_id: client.client_id, request });
    expect(pushed.status).toBe(201);
    const start = await open(client, { request_uri: String(pushed.body['request_uri']) });
    expect(start.url.pathname).toMatch(/^\/interaction\//);
  });

  it('request_object_signing_alg is the only algorithm then', async () => {
    const other = await clientKey('ES384');
    const keys = [...key.jwks.keys, { ...other.jwks.keys[0], kid: 'k2' }];
    const client = await put({ jwks: { keys }, request_object_signing_alg: 'ES384' });
    expect(errorOf(await open(client, { request: await key.sign(claims(client)) }))).toBe(
      'invalid_request_object',
    );
    const request = await other.sign(claims(client), { kid: 'k2' });
    expect((await open(client, { request })).url.pathname).toMatch(/^\/interaction\//);
  });

  it.each<[string, Record<string, unknown>, Record<string, string>]>([
    ['for another server', { aud: 'https://other.example' }, {}],
    ['of another client', { iss: 'c_other' }, {}],
    ['that names another client', { client_id: 'c_other' }, {}],
    ['that has expired', { exp: 1_700_000_000 }, {}],
    ['that could be a client assertion', { sub: 'itself' }, {}],
    ['of another kind', {}, { typ: 'client-authentication+jwt' }],
    ['with U+0000 inside', { state: 'a\0b' }, {}],
    ['with half a surrogate pair inside', { state: 'a\ud800' }, {}],
    ['that refers to another one', { request_uri: 'https://app.example/request' }, {}],
  ])('refuses one %s', async (_, changes, header) => {
    const client = await put();
    const own = changes['sub'] === 'itself' ? { sub: client.client_id } : changes;
    const stop = await open(client, { request: await key.sign(claims(client, own), header) });
    expect(errorOf(stop)).toBe('invalid_request_object');
  });

  it('refuses one that nobody signed, or somebody else', async () => {
    const client = await put();
    const stranger = await clientKey();
    expect(errorOf(await open(client, { request: await stranger.sign(claims(client)) }))).toBe(
      'invalid_request_object',
    );
    const encoded = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');
    const unsigned = `${encoded({ alg: 'none' })}.${encoded(claims(client))}.`;
    expect(errorOf(await open(client, { request: unsigned }))).toBe('invalid_request_object');
    expect(errorOf(await open(client, { request: 'x' }))).toBe('invalid_request_object');
  });

  it('fetches none: a request_uri of the web is refused', async () => {
    const client = await put();
    const stop = await open(client, {
      request_uri: 'https://app.example/request',
      response_type: 'code',
      redirect_uri: client.redirect_uri,
    });
    expect(errorOf(stop)).toBe('request_uri_not_supported');
  });
});

describe('pushed authorization requests (RFC 9126)', () => {
  let server: OAuthServer;

  beforeAll(async () => {
    server = await startOAuthServer();
  });

  afterAll(async () => {
    await server.close();
  });

  it('RFC 9126 section 6 are the only ones for a client that registered so', async () => {
    const client = await server.putClient({ metadata: { require_pushed_authorization_requests: true } });
    const verifier = randomBytes(32).toString('base64url');
    const parameters = {
      client_id: client.client_id,
      response_type: 'code',
      redirect_uri: client.redirect_uri,
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
    };
    const browser = new OAuthBrowser(server.url);
    const direct = await browser.open(`/authorize?${new URLSearchParams(parameters).toString()}`);
    expect(direct.url.searchParams.get('error')).toBe('invalid_request');

    const { status, body } = await postForm(`${server.url}/par`, parameters);
    expect(status).toBe(201);
    const query = new URLSearchParams({
      client_id: client.client_id,
      request_uri: String(body['request_uri']),
    });
    const end = await browser.consent(await browser.open(`/authorize?${query.toString()}`));
    const answer = await postForm(`${server.url}/token`, {
      grant_type: 'authorization_code',
      code: end.url.searchParams.get('code')!,
      redirect_uri: client.redirect_uri,
      code_verifier: verifier,
      client_id: client.client_id,
    });
    expect(answer.status).toBe(200);
  });
});

describe('authorization details (RFC 9396)', () => {
  let server: OAuthServer;

  beforeAll(async () => {
    server = await startOAuthServer();
  });

  afterAll(async () => {
    await server.close();
  });

  const details = JSON.stringify([{ type: 'payment_initiation', actions: ['initiate'] }]);

  it('RFC 9396 section 5 are refused, since no type is known, wherever they are asked for', async () => {
    const client = await server.putClient();
    const parameters = {
      client_id: client.client_id,
      response_type: 'code',
      redirect_uri: client.redirect_uri,
      code_challenge: 'x'.repeat(43),
      code_challenge_method: 'S256',
      authorization_details: details,
    };
    const stop = await new OAuthBrowser(server.url).open(
      `/authorize?${new URLSearchParams(parameters).toString()}`,
    );
    expect(stop.url.searchParams.get('error')).toBe('invalid_authorization_details');
    expect((await postForm(`${server.url}/par`, parameters)).body['error']).toBe(
      'invalid_authorization_details',
    );

    const machine = await server.putClient({
      metadata: {
        grant_types: ['client_credentials'],
        response_types: [],
        redirect_uris: [],
        token_endpoint_auth_method: 'client_secret_post',
      },
    });
    const answer = await postForm(`${server.url}/token`, {
      grant_type: 'client_credentials',
      client_id: machine.client_id,
      client_secret: machine.client_secret,
      authorization_details: details,
    });
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_authorization_details' } });
  });
});
