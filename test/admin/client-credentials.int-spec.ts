import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LooseJson } from '../support/loose-json.js';
import {
  aReplacement,
  configureClientManagement,
  manage,
  registerClient,
  type SelfManagedClient,
} from '../support/managed-client.js';
import { postForm } from '../support/oauth-browser.js';
import { changeBundle, shippedBundle, unpackBundle } from '../support/policy-bundles.js';
import { aLoopbackClient, aNameOfItsOwn, anUnknownHostClient } from '../support/registrations.js';
import { startTestService, type TestService } from '../support/service.js';

let service: TestService;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service.stop());

const confidential = () =>
  registerClient(
    service,
    aLoopbackClient({ ...aNameOfItsOwn(), token_endpoint_auth_method: 'client_secret_post' }),
  );
const operate = async (client: SelfManagedClient, intent: string, body: object = {}): Promise<LooseJson> => {
  const path = `/clients/${client.client_id}/${intent}`;
  const response = await service.admin('POST', path, { reason: 'canary-why', ...body });
  return { status: response.status, headers: response.headers, body: await response.json() };
};
const rotate = (client: SelfManagedClient, body: object = {}) => operate(client, 'rotate-secret', body);
/** Whether client authentication with the secret succeeds. */
const authenticates = async ({ client_id }: SelfManagedClient, client_secret: string): Promise<boolean> => {
  const { status } = await postForm(`${service.url}/introspect`, { client_id, client_secret, token: 'x' });
  expect([200, 401]).toContain(status);
  return status === 200;
};

describe('a new secret', () => {
  test('K5 is answered once, and the one before is dead at once', async () => {
    const client = await confidential();
    const { status, headers, body } = await rotate(client);
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body).toEqual({
      client_id: client.client_id,
      version: 2,
      client_secret: expect.stringMatching(/^cs_[A-Za-z0-9_-]{43}$/),
      client_secret_expires_at: 0,
      secrets: [{ id: expect.any(String), created_at: expect.any(String), expires_at: null }],
    });
    expect(await authenticates(client, client['client_secret'])).toBe(false);
    expect(await authenticates(client, body.client_secret)).toBe(true);
  });

  test('R-69 overlaps with the one before until the end of the overlap, by the database’s clock', async () => {
    const client = await confidential();
    const { body } = await rotate(client, { overlap_seconds: 2 });
    expect(body.secrets).toHaveLength(2);
    expect(await authenticates(client, client['client_secret'])).toBe(true);
    expect(await authenticates(client, body.client_secret)).toBe(true);
    await expect
      .poll(() => authenticates(client, client['client_secret']), { timeout: 8_000, interval: 100 })
      .toBe(false);
    const { rows } = await service.database.pool.query<{ over: boolean }>(
      'select now() >= $1::timestamptz as over',
      [body.secrets[0].expires_at],
    );
    expect(rows).toEqual([{ over: true }]);
    expect(await authenticates(client, body.client_secret)).toBe(true);
  });

  test('several times in a row leaves every one of the overlap working, newest last', async () => {
    const client = await confidential();
    const second = (await rotate(client, { overlap_seconds: 60 })).body.client_secret;
    const third = (await rotate(client, { overlap_seconds: 60 })).body.client_secret;
    for (const secret of [client['client_secret'], second, third])
      expect(await authenticates(client, secret)).toBe(true);
    const last = (await rotate(client)).body.client_secret;
    for (const secret of [client['client_secret'], second, third])
      expect(await authenticates(client, secret)).toBe(false);
    expect(await authenticates(client, last)).toBe(true);
  });

  test('does not end the client’s own management of its registration', async () => {
    const client = await confidential();
    await rotate(client);
    const read = await manage(service, 'GET', client.client_id, client.registration_access_token);
    expect(read).toMatchObject({ status: 200, etag: '"2"' });
    expect(read.body).not.toHaveProperty('client_secret');
  });

  test('is an event with digests, who and why; no text of a secret is anywhere', async () => {
    const client = await confidential();
    const { body } = await rotate(client, { overlap_seconds: 60 });
    const { items } = (await (
      await service.admin('GET', `/clients/${client.client_id}/events`)
    ).json()) as LooseJson;
    expect(items.at(-1)).toMatchObject({
      type: 'client.secret_rotated',
      actor: { kind: 'operator', id: 'admin-token' },
      data: { reason: 'canary-why', secrets: body.secrets },
    });
    const { rows } = await service.database.pool.query<{ n: number }>(
      `select (select count(*) from events where position(convert_to($1, 'UTF8') in body) > 0)::int
            + (select count(*) from events where position(convert_to('canary-why', 'UTF8') in body) > 0)::int
            + (select count(*) from client_directory where position($1 in record::text) > 0)::int as n`,
      [body.client_secret],
    );
    expect(rows).toEqual([{ n: 0 }]);
  });

  test('may be for a suspended client, and lifts no hold', async () => {
    const client = await confidential();
    await operate(client, 'suspend');
    expect((await rotate(client)).status).toBe(200);
    const shown = (await (await service.admin('GET', `/clients/${client.client_id}`)).json()) as LooseJson;
    expect(shown.suspended).toBe(true);
  });

  test.each([
    ['a client without a secret', () => registerClient(service), {}, 409, 'no_client_secret'],
    ['another version', confidential, { version: 9 }, 409, 'version_moved'],
    ['an overlap beyond 30 days', confidential, { overlap_seconds: 2_592_001 }, 400, 'invalid_request'],
    ['a negative overlap', confidential, { overlap_seconds: -1 }, 400, 'invalid_request'],
    ['no reason', confidential, { reason: '' }, 400, 'invalid_request'],
    ['an unknown client', async () => ({ client_id: 'c_unknown' }), {}, 404, 'client_not_found'],
  ])('is refused for %s', async (_, client, body, status, problem) => {
    const answer = await rotate((await client()) as SelfManagedClient, body);
    expect(answer.status).toBe(status);
    expect(answer.body.type).toBe(`urn:clientele:problem:${problem}`);
  });

  test('is refused for a client that is gone', async () => {
    const client = await registerClient(service, anUnknownHostClient(aNameOfItsOwn()));
    await operate(client, 'deny');
    expect((await rotate(client)).status).toBe(404);
    expect((await operate(client, 'rotate-registration-access-token')).status).toBe(404);
  });

  test('parallel rotations all answer, and the last one’s secret is the one that works', async () => {
    const client = await confidential();
    const answers = await Promise.all(Array.from({ length: 10 }, () => rotate(client)));
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200));
    const last = answers.toSorted((a, b) => b.body.version - a.body.version);
    const working = await Promise.all(last.map(({ body }) => authenticates(client, body.client_secret)));
    expect(working).toEqual([true, ...Array(9).fill(false)]);
  });
});

describe('a new registration access token', () => {
  const rotateToken = (client: SelfManagedClient, body: object = {}) =>
    operate(client, 'rotate-registration-access-token', body);

  test('K2 is answered once with its address, and the lost one is dead at once', async () => {
    const client = await registerClient(service);
    const { status, headers, body } = await rotateToken(client);
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body).toEqual({
      client_id: client.client_id,
      version: 2,
      registration_client_uri: client['registration_client_uri'],
      registration_access_token: expect.stringMatching(/^rat_[A-Za-z0-9_-]{43}$/),
    });
    const read = (token: string) => manage(service, 'GET', client.client_id, token);
    expect((await read(client.registration_access_token)).status).toBe(401);
    expect(await read(body.registration_access_token)).toMatchObject({ status: 200, etag: '"2"' });
  });

  test('ends a grace as well, and needs clients that manage themselves', async () => {
    await configureClientManagement(service, { registration_access_token_grace: 60 });
    const client = await registerClient(service);
    const token = client.registration_access_token;
    await manage(service, 'PUT', client.client_id, token, { body: aReplacement(client) });
    expect((await manage(service, 'GET', client.client_id, token)).status).toBe(200);
    await rotateToken(client);
    expect((await manage(service, 'GET', client.client_id, token)).status).toBe(401);

    await configureClientManagement(service, { enabled: false });
    const refused = await rotateToken(client);
    await configureClientManagement(service, {});
    expect(refused).toMatchObject({
      status: 409,
      body: { type: 'urn:clientele:problem:not_managed_by_itself' },
    });
  });

  test('is for a client, too, that registered while clients did not manage themselves', async () => {
    await configureClientManagement(service, { enabled: false });
    const client = await registerClient(service);
    await configureClientManagement(service, {});
    const { body } = await rotateToken(client);
    expect((await manage(service, 'GET', client.client_id, body.registration_access_token)).status).toBe(200);
  });
});

describe('R-63 a policy that lets secrets live for a while', () => {
  const LIFETIME = 6;

  test('every answer has the end of the newest secret, and a client that replaces in time is never without one', async () => {
    await limitSecrets(LIFETIME);
    const client = await confidential();
    const born = client['client_secret_expires_at'] as number;
    const now = Math.floor(Date.now() / 1000);
    expect(born).toBeGreaterThan(now);
    expect(born).toBeLessThanOrEqual(now + LIFETIME + 1);

    let current = client;
    const replace = async () => {
      const { status, body } = await manage(
        service,
        'PUT',
        client.client_id,
        current.registration_access_token,
        { body: aReplacement(client, { token_endpoint_auth_method: 'client_secret_post' }) },
      );
      expect(status).toBe(200);
      current = body;
      return body;
    };
    // Before half of its life the secret is all there is.
    expect(await replace()).not.toHaveProperty('client_secret');
    expect(current['client_secret_expires_at']).toBe(born);
    // After it the successor comes with a replacement, while the one before still works.
    await expect.poll(async () => (await replace()).client_secret, { timeout: 8_000 }).toMatch(/^cs_/);
    const successor = current['client_secret'] as string;
    expect(current['client_secret_expires_at']).toBeGreaterThan(born);
    expect(await authenticates(client, client['client_secret'])).toBe(true);
    expect(await authenticates(client, successor)).toBe(true);
    const read = await manage(service, 'GET', client.client_id, current.registration_access_token);
    expect(read.body.client_secret_expires_at).toBe(current['client_secret_expires_at']);

    const rotated = await rotate(client);
    expect(rotated.body.client_secret_expires_at).toBeGreaterThan(born);
    await expect
      .poll(() => authenticates(client, rotated.body.client_secret), { timeout: 10_000 })
      .toBe(false);
    // a replacement is the way out of an expiry.
    const renewed = (await replace()).client_secret as string;
    expect(await authenticates(client, renewed)).toBe(true);
  });

  /** Activates the shipped policy with a limit to the life of secrets. */
  async function limitSecrets(secret_lifetime: number): Promise<void> {
    const data: LooseJson = JSON.parse((await unpackBundle(shippedBundle())).get('/data.json')!.toString());
    data.profiles.default.obligations.default.secret_lifetime = secret_lifetime;
    const bundle = await changeBundle(shippedBundle(), { '/data.json': JSON.stringify(data) });
    const uploaded = await service.request('/admin/v1/policies', {
      method: 'POST',
      headers: {
        Authorization: `Bearer ${service.configuration.adminToken}`,
        'Content-Type': 'application/gzip',
      },
      body: new Uint8Array(bundle),
    });
    const { digest } = (await uploaded.json()) as { digest: string };
    const activated = await service.admin('POST', `/policies/${digest}/activate`, { reason: 'short lives' });
    expect(activated.status).toBe(200);
  }
});
