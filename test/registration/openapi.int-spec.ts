import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { registrationDocument } from '../../src/features/registration/openapi/registration-document.js';
import type { LooseJson } from '../support/loose-json.js';
import { contractOf, type Contract } from '../support/openapi-contract.js';
import {
  aDeniedClient,
  aLoopbackClient,
  aMachineClient,
  aNameOfItsOwn,
  anUnknownHostClient,
} from '../support/registrations.js';
import { startTestService, type TestService } from '../support/service.js';

const PATH = '/openapi/registration.json';
const ONE_CLIENT = '/register/{client_id}';

let service: TestService;
let contract: Contract;
beforeAll(async () => {
  service = await startTestService();
  contract = contractOf(await (await service.request(PATH)).json());
});
afterAll(() => service.stop());

const json = (method: string, body: unknown, headers: Record<string, string> = {}): RequestInit => ({
  method,
  headers: { 'Content-Type': 'application/json', ...headers },
  body: typeof body === 'string' ? body : JSON.stringify(body),
});

async function registered(body: object = aLoopbackClient()): Promise<LooseJson> {
  return (await service.register(body)).json();
}

const bearer = (token: string): Record<string, string> => ({ Authorization: `Bearer ${token}` });

describe('the OpenAPI document', () => {
  test('is served to anybody, with the URL that this service has', async () => {
    const response = await service.request(PATH);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch(/^application\/json/);
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    const document: LooseJson = await response.json();
    expect(document).toEqual(registrationDocument({ issuer: service.url, registration: 'open' }));
    expect(document.servers).toEqual([{ url: service.url }]);
  });

  test('is kept by caches, and not sent again to who has it', async () => {
    const first = await service.request(PATH);
    const etag = first.headers.get('etag')!;
    expect(first.headers.get('cache-control')).toMatch(/^public, max-age=[1-9]/);
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const again = await service.request(PATH, { headers: { 'If-None-Match': known } });
      expect(again.status).toBe(304);
      expect(again.headers.get('etag')).toBe(etag);
      expect(await again.text()).toBe('');
    }
    const other = await service.request(PATH, { headers: { 'If-None-Match': '"other"' } });
    expect(other.status).toBe(200);
  });

  test('is not a client, and no client is where it is', async () => {
    expect((await service.request('/register/openapi.json')).status).toBe(401);
    const written = await service.request(PATH, { method: 'POST' });
    expect(written.status).toBe(405);
    expect(written.headers.get('allow')).toContain('GET');
  });
});

describe('answers are as the document describes them:', () => {
  test.each([
    ['a public client', 201, aLoopbackClient()],
    ['a client with a secret', 201, { redirect_uris: ['http://127.0.0.1:8765/callback'] }],
    ['a client that waits', 201, anUnknownHostClient({ contacts: ['ops@acme.example'] })],
    ['a client without users', 201, aMachineClient()],
    ['names in two languages', 201, aLoopbackClient({ 'client_name#ja': 'フィールドノート' })],
    ['a denied client', 400, aDeniedClient()],
    ['a member of the wrong type', 400, { redirect_uris: 'http://127.0.0.1/' }],
    ['a malformed body', 400, '{'],
    ['a body that is too large', 413, { client_name: 'x'.repeat(70_000) }],
  ])('%s: %i', async (_, status, body) => {
    const response = await service.request('/register', json('POST', body));
    expect(response.status).toBe(status);
    expect(await contract.faults('POST', '/register', response)).toEqual([]);
  });

  test.each([
    ['an unknown initial access token', 401, json('POST', aLoopbackClient(), bearer('iat_unknown'))],
    ['another media type', 415, { method: 'POST', body: 'a=b' }],
    ['another method', 405, { method: 'PATCH' }],
  ] satisfies [string, number, RequestInit][])('%s: %i', async (_, status, init) => {
    const response = await service.request('/register', init);
    expect(response.status).toBe(status);
    expect(await contract.faults('POST', '/register', response)).toEqual([]);
  });

  test.each(['GET', 'PUT', 'DELETE'])(
    '%s without a token, with a wrong one, and when it works',
    async (method) => {
      const client = await registered();
      const path = `/register/${client.client_id}`;
      const body = { ...aLoopbackClient(), client_id: client.client_id };
      const ask = (headers: Record<string, string>): Promise<Response> =>
        service.request(path, method === 'PUT' ? json(method, body, headers) : { method, headers });
      for (const [status, headers] of [
        [401, {}],
        [401, bearer('rat_unknown')],
        [method === 'DELETE' ? 204 : 200, bearer(client.registration_access_token)],
      ] as const) {
        const response = await ask(headers);
        expect(response.status).toBe(status);
        expect(await contract.faults(method, ONE_CLIENT, response)).toEqual([]);
      }
    },
  );

  test('a replacement that waits, and one that names another client', async () => {
    const client = await registered();
    const path = `/register/${client.client_id}`;
    const headers = bearer(client.registration_access_token);
    const foreign = await service.request(
      path,
      json('PUT', { ...aLoopbackClient(), client_id: 'c_2' }, headers),
    );
    expect(foreign.status).toBe(400);
    expect(await contract.faults('PUT', ONE_CLIENT, foreign)).toEqual([]);
    const waiting = await service.request(
      path,
      json('PUT', { ...anUnknownHostClient(), client_id: client.client_id }, headers),
    );
    expect(await waiting.clone().json()).toHaveProperty('pending_change');
    expect(await contract.faults('PUT', ONE_CLIENT, waiting)).toEqual([]);
  });

  test('a suspended client: 403', async () => {
    const client = await registered(aLoopbackClient(aNameOfItsOwn()));
    await service.admin('POST', `/clients/${client.client_id}/suspend`, { reason: 'a test' });
    const response = await service.request(`/register/${client.client_id}`, {
      method: 'DELETE',
      headers: bearer(client.registration_access_token),
    });
    expect(response.status).toBe(403);
    expect(await contract.faults('DELETE', ONE_CLIENT, response)).toEqual([]);
  });

  test('a repeated request: 409; its Idempotency-Key with another body: 422; a malformed one: 400', async () => {
    const body = aLoopbackClient({ client_name: 'Sent twice' });
    const post = (sent: object, key: string) =>
      service.request('/register', json('POST', sent, { 'Idempotency-Key': key }));
    expect((await post(body, '"one"')).status).toBe(201);
    for (const [status, sent, key] of [
      [409, body, '"one"'],
      [422, { ...body, client_name: 'Another' }, '"one"'],
      [400, body, '"one'],
    ] as const) {
      const response = await post(sent, key);
      expect(response.status).toBe(status);
      expect(await contract.faults('POST', '/register', response)).toEqual([]);
    }
  });

  test.each(['PUT', 'DELETE'])('%s of a version that is over: 412', async (method) => {
    const client = await registered();
    const headers = { ...bearer(client.registration_access_token), 'If-Match': '"7"' };
    const body = { ...aLoopbackClient(), client_id: client.client_id };
    const init = method === 'PUT' ? json(method, body, headers) : { method, headers };
    const response = await service.request(`/register/${client.client_id}`, init);
    expect(response.status).toBe(412);
    expect(await contract.faults(method, ONE_CLIENT, response)).toEqual([]);
  });

  test('the path for holders of a token: 401 without one, 403 for more than it allows', async () => {
    const path = '/register/protected';
    const { token } = (await (
      await service.admin('POST', '/initial-access-tokens', {
        reason: 'a test',
        constraints: { redirect_hosts: ['only.example'] },
      })
    ).json()) as LooseJson;
    for (const [status, headers] of [
      [401, {}],
      [403, bearer(token)],
    ] as const) {
      const response = await service.request(path, json('POST', aLoopbackClient(), headers));
      expect(response.status).toBe(status);
      expect(await contract.faults('POST', path, response)).toEqual([]);
    }
  });

  test('more than a limit allows: 429', async () => {
    const limits = { address: null, sameRequest: 1, shared: null, token: null, failures: null };
    const limited = await startTestService({ rateLimits: limits });
    try {
      const statuses: number[] = [];
      for (let n = 0; n < 11; n++) {
        const response = await limited.register(aLoopbackClient());
        statuses.push(response.status);
        expect(await contract.faults('POST', '/register', response)).toEqual([]);
      }
      expect(statuses.at(-1)).toBe(429);
    } finally {
      await limited.stop();
    }
  });

  test('a client_id that cannot be decoded: 400', async () => {
    const response = await service.request('/register/%E0%A4');
    expect(response.status).toBe(400);
    expect(await contract.faults('GET', ONE_CLIENT, response)).toEqual([]);
  });
});

describe('the contract', () => {
  test.each([
    ['a status that is not described', new Response('{}', { status: 418 })],
    ['another media type', new Response('{}', { status: 400, headers: { 'Content-Type': 'text/html' } })],
    ['a body without error_description', answer(400, { error: 'invalid_request' })],
    ['an empty error', answer(400, { error: '', error_description: 'x' })],
    ['a missing challenge', answer(401, { error: 'invalid_token', error_description: 'x' })],
    ['a client without its redirect URIs', answer(201, { client_id: 'c_1' })],
  ])('does not take %s', async (_, response) => {
    expect(await contract.faults('POST', '/register', response)).not.toEqual([]);
  });
});

function answer(status: number, body: object): Response {
  return Response.json(body, {
    status,
    headers: { 'Cache-Control': 'no-store', 'X-Request-Id': 'test-0000', ETag: '"1"' },
  });
}
