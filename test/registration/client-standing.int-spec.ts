import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LooseJson } from '../support/loose-json.js';
import { aReplacement, manage, registerClient, type SelfManagedClient } from '../support/managed-client.js';
import { authorizationRequest, OAuthBrowser, postForm } from '../support/oauth-browser.js';
import { obtainTokens } from '../support/oauth-tokens.js';
import {
  aDeniedClient,
  aNameOfItsOwn,
  aMachineClient,
  anUnknownHostClient,
} from '../support/registrations.js';
import { startTestService, type TestService } from '../support/service.js';

let service: TestService;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service.stop());

const operate = (client: SelfManagedClient, intent: string) =>
  service.admin('POST', `/clients/${client.client_id}/${intent}`, { reason: 'a test' });
const shown = async (client: SelfManagedClient): Promise<LooseJson> =>
  (await service.admin('GET', `/clients/${client.client_id}`)).json();
const ask = (method: 'GET' | 'PUT' | 'DELETE', client: SelfManagedClient) =>
  manage(service, method, client.client_id, client.registration_access_token, {
    body: method === 'PUT' ? aReplacement(client) : undefined,
  });

describe('M-04 what a client may do with its registration', () => {
  const pending = () => registerClient(service, anUnknownHostClient(aNameOfItsOwn()));
  const states: Record<string, () => Promise<SelfManagedClient>> = {
    active: () => registerClient(service),
    pending,
    suspended: async () => {
      const client = await registerClient(service);
      await operate(client, 'suspend');
      return client;
    },
    'pending and suspended': async () => {
      const client = await pending();
      await operate(client, 'suspend');
      return client;
    },
    denied: async () => {
      const client = await pending();
      await operate(client, 'deny');
      return client;
    },
    deleted: async () => {
      const client = await registerClient(service);
      await service.admin('DELETE', `/clients/${client.client_id}`, { reason: 'a test' });
      return client;
    },
  };

  test.each([
    ['active', 200, 200, 204],
    ['pending', 200, 200, 204],
    ['suspended', 200, 403, 403],
    ['pending and suspended', 200, 403, 403],
    ['denied', 401, 401, 401],
    ['deleted', 401, 401, 401],
  ])('%s: GET %i, PUT %i, DELETE %i', async (state, get, put, remove) => {
    const client = await states[state]!();
    const before = await shown(client);
    expect((await ask('GET', client)).status).toBe(get);
    const replaced = await ask('PUT', client);
    expect(replaced.status).toBe(put);
    // What is refused changes nothing.
    expect(put === 200 ? before : await shown(client)).toEqual(before);
    const now = put === 200 ? (replaced.body as SelfManagedClient) : client;
    expect((await ask('DELETE', now)).status).toBe(remove);
  });
});

describe('P4 a held client', () => {
  interface Holder {
    readonly client: SelfManagedClient;
    /** As the client last heard; a refusal leaves it what it was. */
    token: string;
    readonly refreshToken: unknown;
  }

  const own = (holder: Holder, method: string, body?: object) =>
    manage(service, method, holder.client.client_id, holder.token, { body });
  const redeem = (form: Record<string, string>) => postForm(`${service.url}/token`, form);

  /** Everything a client can send with what it has. Each answers whether it got something that it can use. */
  const calls: Record<string, (holder: Holder) => Promise<boolean>> = {
    read: async (holder) => {
      await own(holder, 'GET');
      return false;
    },
    'replace with the same': (holder) => replace(holder, aReplacement(holder.client)),
    'replace with something for review': (holder) =>
      replace(holder, { client_id: holder.client.client_id, ...anUnknownHostClient() }),
    'replace with something denied': (holder) =>
      replace(holder, { client_id: holder.client.client_id, ...aDeniedClient() }),
    'replace with a secret method': (holder) =>
      replace(holder, aReplacement(holder.client, { token_endpoint_auth_method: 'client_secret_post' })),
    delete: async (holder) => (await own(holder, 'DELETE')).status === 204,
    authorize: async ({ client }) => {
      const { url } = authorizationRequest(service.url, {
        client_id: client.client_id,
        redirect_uri: client['redirect_uris'][0],
      });
      const browser = new OAuthBrowser(service.url);
      return (await browser.consent(await browser.open(url))).url.searchParams.has('code');
    },
    refresh: async ({ client, refreshToken }) =>
      (
        await redeem({
          grant_type: 'refresh_token',
          client_id: client.client_id,
          refresh_token: String(refreshToken),
        })
      ).status === 200,
    'ask for client credentials': async ({ client }) =>
      (await redeem({ grant_type: 'client_credentials', client_id: client.client_id })).status === 200,
    'push an authorization request': async ({ client }) => {
      const { url } = authorizationRequest(service.url, {
        client_id: client.client_id,
        redirect_uri: client['redirect_uris'][0],
      });
      const pushed = await postForm(`${service.url}/par`, Object.fromEntries(url.searchParams));
      if (pushed.status !== 201) return false;
      const query = new URLSearchParams({
        client_id: client.client_id,
        request_uri: String(pushed.body['request_uri']),
      });
      const browser = new OAuthBrowser(service.url);
      const end = await browser.consent(await browser.open(`/authorize?${query.toString()}`));
      return end.url.searchParams.has('code');
    },
  };

  const replace = async (holder: Holder, body: object): Promise<boolean> => {
    const answer = await own(holder, 'PUT', body);
    if (answer.status === 200) holder.token = answer.body.registration_access_token;
    return answer.status === 200;
  };

  const prepare = async (): Promise<Holder> => {
    const client = await registerClient(service);
    const redirect_uri: string = client['redirect_uris'][0];
    const tokens = await obtainTokens(service, { client_id: client.client_id, redirect_uri });
    return {
      client,
      token: client.registration_access_token,
      refreshToken: tokens.body['refresh_token'],
    };
  };

  const step = fc.constantFrom(...Object.keys(calls));

  test('is usable by no sequence of its own calls, and its holds stay what they are', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          step.filter((name) => name !== 'delete'),
          { maxLength: 2 },
        ),
        fc.array(step, { minLength: 3, maxLength: 8 }),
        async (before, after) => {
          const holder = await prepare();
          for (const name of before) await calls[name]!(holder);
          expect((await operate(holder.client, 'suspend')).status).toBe(200);
          const { holds, status, version } = await shown(holder.client);
          for (const name of after) {
            expect([name, await calls[name]!(holder)]).toEqual([name, false]);
            expect(await shown(holder.client)).toMatchObject({ suspended: true, holds, status, version });
          }
        },
      ),
      { numRuns: 12 },
    );
  });

  test('that authenticates with a secret is told so, and gets no token', async () => {
    const token = (
      (await (
        await service.admin('POST', '/initial-access-tokens', { reason: 'a machine' })
      ).json()) as LooseJson
    ).token;
    const machine: LooseJson = await (
      await service.register(aMachineClient({ token_endpoint_auth_method: 'client_secret_post' }), {
        Authorization: `Bearer ${token}`,
      })
    ).json();
    const form = {
      grant_type: 'client_credentials',
      client_id: machine.client_id,
      client_secret: machine.client_secret,
    };
    expect((await redeem(form)).status).toBe(200);
    await operate(machine, 'suspend');
    expect(await redeem(form)).toMatchObject({ status: 400, body: { error: 'access_denied' } });
    await operate(machine, 'reinstate');
    expect((await redeem(form)).status).toBe(200);
  });
});
