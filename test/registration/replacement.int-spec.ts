import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/contract/json.js';
import type { LooseJson } from '../support/loose-json.js';
import { aReplacement, manage, registerClient, type SelfManagedClient } from '../support/managed-client.js';
import { metadataBody } from '../support/metadata-arbitrary.js';
import { aLoopbackClient, anUnknownHostClient } from '../support/registrations.js';
import { startTestService, type TestService } from '../support/service.js';

let service: TestService;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service.stop());

/** What only this one registration has. Whether there is a secret shows by its expiry. */
function shared(body: LooseJson): object {
  const {
    client_id: _,
    client_id_issued_at: _i,
    client_secret: _s,
    registration_access_token: _t,
    registration_client_uri: _u,
    policy_decision_id: _d,
    ...rest
  } = body;
  if (typeof rest.error_description === 'string')
    rest.error_description = rest.error_description.replace(/\(decision .*\)$/, '');
  return rest;
}

const put = (client: SelfManagedClient, body: object) =>
  manage(service, 'PUT', client.client_id, client.registration_access_token, { body });
const read = (client: SelfManagedClient) =>
  manage(service, 'GET', client.client_id, client.registration_access_token);

describe('M-20 a replacement', () => {
  test('answers and leaves what registering its body would, or is refused with the same error and changes nothing', async () => {
    let replaced = 0;
    await fc.assert(
      fc.asyncProperty(metadataBody, metadataBody, async (before, after) => {
        const registration = await service.register(before);
        fc.pre(registration.status === 201);
        const client = (await registration.json()) as SelfManagedClient;

        const fresh = await service.register(after);
        const expected = shared(await fresh.json());
        const answer = await put(client, { ...after, client_id: client.client_id });
        expect(shared(answer.body)).toEqual(expected);
        const inForce = answer.status === 200;
        expect(answer.status).toBe(fresh.status === 201 ? 200 : fresh.status);
        replaced += inForce ? 1 : 0;
        const shown = await read(inForce ? answer.body : client);
        expect(shared(shown.body)).toEqual(inForce ? expected : shared(client));
        expect(shown.body).toMatchObject({
          client_id: client.client_id,
          client_id_issued_at: client['client_id_issued_at'],
          registration_client_uri: client['registration_client_uri'],
        });
      }),
      { numRuns: 40 },
    );
    expect(replaced).toBeGreaterThan(5);
  });

  test.each<[string, JsonObject]>([
    ['left out', {}],
    ['null', { client_name: null, client_uri: null, scope: null, contacts: null }],
    ['empty', { client_name: '', client_uri: '', scope: '', contacts: [] }],
  ])('R-83 deletes members that are %s, variants included, and defaults fall back', async (_, members) => {
    const client = await registerClient(
      service,
      aLoopbackClient({
        'client_name#ja': '例',
        client_uri: 'https://acme.example/',
        contacts: ['ops@acme.example'],
        scope: 'mcp:tools offline_access',
        grant_types: ['authorization_code', 'refresh_token'],
      }),
    );
    const body = {
      client_id: client.client_id,
      redirect_uris: client['redirect_uris'],
      token_endpoint_auth_method: 'none',
      ...members,
    };
    const { body: replaced } = await put(client, body);
    const bare = await registerClient(service, {
      redirect_uris: client['redirect_uris'],
      token_endpoint_auth_method: 'none',
    });
    expect(shared(replaced)).toEqual(shared(bare));
    expect(shared((await read(replaced)).body)).toEqual(shared(replaced));
  });
});

describe('M-21 M-22 M-23 a body that may not be', () => {
  test.each([
    ['M-21 no client_id', { client_id: undefined }],
    ['M-21 another one', { client_id: 'c_other' }],
    ['M-21 one that is no text', { client_id: 7 }],
    ['M-22 registration_access_token', { registration_access_token: 'rat_x' }],
    ['M-22 registration_client_uri', { registration_client_uri: 'https://a.example' }],
    ['M-22 client_secret_expires_at', { client_secret_expires_at: 0 }],
    ['M-22 client_id_issued_at', { client_id_issued_at: 1 }],
    ['M-23 a chosen secret', { client_secret: 'cs_chosen' }],
    ['M-23 a secret that is no text', { client_secret: { $ne: '' } }],
  ])('has %s: 400, and the token and the version stay', async (_, members) => {
    const client = await registerClient(service);
    expect(await put(client, { ...aReplacement(client), ...members })).toMatchObject({
      status: 400,
      body: { error: 'invalid_client_metadata', error_description: expect.any(String) },
    });
    expect(await read(client)).toMatchObject({ status: 200, etag: '"1"' });
  });

  test('M-23 has the secret of before a rotation: 400', async () => {
    const secret = { token_endpoint_auth_method: 'client_secret_post' };
    const client = await registerClient(service, aLoopbackClient(secret));
    await service.admin('POST', `/clients/${client.client_id}/rotate-secret`, { reason: 'leaked' });
    const body = { ...aReplacement(client, secret), client_secret: client['client_secret'] };
    expect((await put(client, body)).status).toBe(400);
  });
});

describe('M-26 a replacement that widens', () => {
  test('waits, while a read shows what is in force and names what waits', async () => {
    const client = await registerClient(service);
    const waiting = await put(client, { client_id: client.client_id, ...anUnknownHostClient() });
    expect(waiting).toMatchObject({
      status: 200,
      etag: '"2"',
      body: { client_status: 'active', redirect_uris: client['redirect_uris'] },
    });
    expect(waiting.body.pending_change.fields).toContain('redirect_uris');
    expect((await read(waiting.body)).body).toEqual(waiting.body);
  });
});
