import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { streams } from '../../src/contract/streams.js';
import { EventLog } from '../../src/platform/event-log/event-log.js';
import { aRegistration } from '../support/event-builders.js';
import { manage, registerClient, type SelfManagedClient } from '../support/managed-client.js';
import { authorizationRequest, OAuthBrowser, postForm, type TokenAnswer } from '../support/oauth-browser.js';
import { obtainCode, obtainTokens } from '../support/oauth-tokens.js';
import { aLoopbackClient } from '../support/registrations.js';
import { startTestService, type TestService } from '../support/service.js';

let service: TestService;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service.stop());

const INVALID_CLIENT = { status: 401, body: { error: 'invalid_client' } };
const post = (path: string, form: Record<string, string>): Promise<TokenAnswer> =>
  postForm(`${service.url}${path}`, form);
const remove = (client: SelfManagedClient) =>
  manage(service, 'DELETE', client.client_id, client.registration_access_token);
const redirecting = (client: SelfManagedClient) => ({
  client_id: client.client_id,
  redirect_uri: client['redirect_uris'][0] as string,
});

describe('M-40 a client that deleted itself', () => {
  test('is answered 204 with an empty body, and from then on 401', async () => {
    const client = await registerClient(service);
    const deleted = await remove(client);
    expect([deleted.status, deleted.body]).toEqual([204, undefined]);
    for (const repeated of [await remove(client), await remove(client)]) expect(repeated.status).toBe(401);
  });

  test('M-41 has no token left that works: refresh, code in flight, access token, pushed request', async () => {
    const client = await registerClient(service);
    const { client_id } = client;
    const { body: tokens } = await obtainTokens(service, redirecting(client));
    const { form: code } = await obtainCode(service, redirecting(client));
    const pushed = await post(
      '/par',
      Object.fromEntries(authorizationRequest(service.url, redirecting(client)).url.searchParams),
    );
    expect(pushed.status).toBe(201);
    await remove(client);

    const refresh_token = String(tokens['refresh_token']);
    const token = String(tokens['access_token']);
    expect(await post('/token', { grant_type: 'refresh_token', client_id, refresh_token })).toMatchObject(
      INVALID_CLIENT,
    );
    expect(await post('/token', code)).toMatchObject(INVALID_CLIENT);
    for (const path of ['/introspect', '/revoke', '/par'])
      expect(await post(path, { client_id, token })).toMatchObject(INVALID_CLIENT);
    const other = await registerClient(service);
    for (const each of [token, refresh_token])
      expect((await post('/introspect', { client_id: other.client_id, token: each })).body).toEqual({
        active: false,
      });
    const query = new URLSearchParams({ client_id, request_uri: String(pushed.body['request_uri']) });
    const page = await new OAuthBrowser(service.url).open(`/authorize?${query.toString()}`);
    expect([page.status, page.headers.get('location')]).toEqual([400, null]);
  });

  test('M-41 confidential: its secret is dead at every endpoint', async () => {
    const client = await registerClient(
      service,
      aLoopbackClient({ token_endpoint_auth_method: 'client_secret_post' }),
    );
    const credentials = { client_id: client.client_id, client_secret: client['client_secret'] as string };
    expect((await post('/introspect', { ...credentials, token: 'x' })).body).toEqual({ active: false });
    await remove(client);
    for (const path of ['/token', '/introspect', '/revoke', '/par'])
      expect(await post(path, { ...credentials, token: 'x', grant_type: 'refresh_token' })).toMatchObject(
        INVALID_CLIENT,
      );
  });

  test('M-42 is a page at authorize, never a redirect', async () => {
    const client = await registerClient(service);
    await remove(client);
    const { url } = authorizationRequest(service.url, redirecting(client));
    const page = await new OAuthBrowser(service.url).open(url);
    expect([page.status, page.headers.get('location')]).toEqual([400, null]);
    expect(page.body).toContain('not registered here');
  });

  test('M-42 leaves an id that is never issued again: the log takes no second registration on its stream', async () => {
    const client = await registerClient(service);
    await remove(client);
    const again = await service.application.get(EventLog).append(aRegistration(client.client_id));
    expect(again).toMatchObject({
      committed: false,
      conflict: { kind: 'version', stream: streams.client('default', client.client_id) },
    });
  });
});
