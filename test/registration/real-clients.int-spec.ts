import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LooseJson } from '../support/loose-json.js';
import { authorizationRequest, OAuthBrowser } from '../support/oauth-browser.js';
import { READERS, type RegistrationAnswer } from '../support/registration-readers.js';
import { startTestService, type TestService } from '../support/service.js';

const folder = new URL('../fixtures/dcr/', import.meta.url);
const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
const sentBy = (file: string): LooseJson => JSON.parse(readFileSync(new URL(file, folder), 'utf8'));

let service: TestService;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service.stop());

async function answerTo(body: object): Promise<RegistrationAnswer> {
  const response = await service.register(body);
  return {
    status: response.status,
    contentType: response.headers.get('content-type'),
    body: await response.json(),
  };
}

async function registered(body: object): Promise<LooseJson> {
  const answer = await answerTo(body);
  expect(answer.status).toBe(201);
  return answer.body;
}

describe.each(READERS)('$name', ({ sends, faults }) => {
  const read = files.filter((file) => sends(sentBy(file)));

  test('reads the answers to clients of the field', () => {
    expect(read.length).toBeGreaterThan(2);
  });

  test.each(read)('reads the answer to %s', async (file) => {
    expect(faults(await answerTo(sentBy(file)))).toEqual([]);
  });
});

describe('a client of the field', () => {
  test('R-58 ChatGPT offers several methods and is told the one that holds', async () => {
    const sent = sentBy('chatgpt.json');
    expect(sent.token_endpoint_auth_methods_supported).toEqual(['none', 'private_key_jwt']);
    const body = await registered(sent);
    expect(body.token_endpoint_auth_method).toBe('none');
    expect(body).not.toHaveProperty('token_endpoint_auth_methods_supported');
    const other = await registered({ ...sent, token_endpoint_auth_methods_supported: ['private_key_jwt'] });
    expect(other.token_endpoint_auth_method).toBe('private_key_jwt');
    expect(other).not.toHaveProperty('client_secret');
  });

  test('R-24 R-26 R-44 Cursor keeps its scheme beside https and loopback, and is native without saying so', async () => {
    const sent = sentBy('cursor.json');
    expect(sent).not.toHaveProperty('application_type');
    expect(await registered(sent)).toMatchObject({
      redirect_uris: sent.redirect_uris,
      application_type: 'native',
      client_status: 'active',
    });
    expect(await registered({ ...sent, application_type: 'web' })).toMatchObject({
      redirect_uris: sent.redirect_uris,
    });
  });

  test('R-48 Claude Code registers a loopback redirect without a port and comes back with one', async () => {
    const client = await registered(sentBy('claude-code.json'));
    expect(client.redirect_uris).toEqual(['http://localhost/callback']);
    const open = (redirect_uri: string) =>
      new OAuthBrowser(service.url).open(
        authorizationRequest(service.url, { client_id: client.client_id, redirect_uri }).url,
      );
    expect((await open('http://localhost:51004/callback')).status).toBe(200);
    expect((await open('http://localhost:51004/other')).status).toBe(400);
  });

  test('R-23 R-45 VS Code is native with https redirects, and its device grant is dropped', async () => {
    const sent = sentBy('vscode.json');
    const body = await registered(sent);
    expect(sent.grant_types).toContain('urn:ietf:params:oauth:grant-type:device_code');
    expect(body.grant_types).toEqual(['authorization_code', 'refresh_token']);
    expect(body).toMatchObject({ redirect_uris: sent.redirect_uris, application_type: 'native' });
  });

  test('R-08 R-25 the Inspector sends an empty scope and gets the default ones', async () => {
    const sent = sentBy('mcp-inspector.json');
    expect(sent.scope).toBe('');
    expect((await registered(sent)).scope).toBe('mcp:tools');
  });

  test('R-01 the Python SDK sends neither Accept nor User-Agent', async () => {
    const asked = request(`${service.url}/register`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
    });
    expect(asked.getHeaderNames()).not.toContain('accept');
    expect(asked.getHeaderNames()).not.toContain('user-agent');
    asked.end(JSON.stringify(sentBy('python-sdk.json')));
    const [response] = await once(asked, 'response');
    const body: LooseJson = JSON.parse((await response.toArray()).join(''));
    expect(response.statusCode).toBe(201);
    expect(response.headers['content-type']).toMatch(/^application\/json/);
    expect(body).toMatchObject({ client_status: 'pending', application_type: 'native' });
  });

  test('R-50 OSMO registers a loopback redirect without a path and gets it back without a slash', async () => {
    const redirect_uris = ['http://localhost:8090'];
    expect((await registered({ redirect_uris })).redirect_uris).toEqual(redirect_uris);
  });

  test('R-63 R-64 the Go SDK reads whole seconds, and no key set where it sent none', async () => {
    const body = await registered(sentBy('go-sdk.json'));
    expect(body.client_secret_expires_at).toBe(0);
    expect(Number.isInteger(body.client_id_issued_at)).toBe(true);
    expect(body).not.toHaveProperty('jwks');
  });

  test('R-57 an older Open WebUI asks for client_secret_post and never hears of another method', async () => {
    const body = await registered({
      client_name: 'Open WebUI',
      redirect_uris: ['http://localhost:8080/oauth/clients/mcp/callback'],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'client_secret_post',
    });
    expect(body.token_endpoint_auth_method).toBe('client_secret_post');
    expect(body.client_secret).toMatch(/^cs_/);
  });
});

describe('a reader', () => {
  const [typescript, second, python, go, openid, webui] = READERS.map(({ name }) => name);
  const good = {
    client_id: 'c_1',
    client_id_issued_at: 1,
    client_secret: 'cs_1',
    client_secret_expires_at: 0,
    redirect_uris: ['https://a.example/cb'],
    token_endpoint_auth_method: 'client_secret_post',
  };

  test.each<[string, Partial<RegistrationAnswer>, (string | undefined)[]]>([
    ['nothing wrong', {}, []],
    ['202', { status: 202 }, [python, go, openid]],
    ['text/html', { contentType: 'text/html' }, [openid]],
    ['a null', { body: { ...good, client_uri: null } }, [typescript, second]],
    [
      'an expiry as text',
      { body: { ...good, client_secret_expires_at: '0' } },
      [typescript, second, go, openid],
    ],
    ['a fraction of a second', { body: { ...good, client_id_issued_at: 1.5 } }, [go]],
    ['an empty client_uri', { body: { ...good, client_uri: '' } }, [typescript, second]],
    ['a secret that is missing', { body: { ...good, client_secret: undefined } }, [second, python]],
    ['a key set', { body: { ...good, jwks: { keys: [] } } }, [go]],
    [
      'client_secret_basic',
      { body: { ...good, token_endpoint_auth_method: 'client_secret_basic' } },
      [webui],
    ],
    ['no redirect URIs', { body: { ...good, redirect_uris: undefined } }, [typescript, second, webui]],
  ])('fails on %s as it does in the field', (_, change, failing) => {
    const answer = { status: 201, contentType: 'application/json; charset=utf-8', body: good, ...change };
    expect(READERS.filter(({ faults }) => faults(answer).length > 0).map(({ name }) => name)).toEqual(
      failing,
    );
  });
});
