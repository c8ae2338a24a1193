import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { APPEND_LOCK } from '../../src/platform/event-log/append-lock.js';
import { EventLog } from '../../src/platform/event-log/event-log.js';
import type { LooseJson } from '../support/loose-json.js';
import {
  aReplacement,
  configureClientManagement,
  manage,
  registerClient,
  type SelfManagedClient,
} from '../support/managed-client.js';
import { aLoopbackClient } from '../support/registrations.js';
import { startTestService, type TestService } from '../support/service.js';

let service: TestService;
beforeAll(async () => {
  service = await startTestService();
});
afterEach(() => configureClientManagement(service, {}));
afterAll(() => service.stop());

const put = (client: SelfManagedClient, ifMatch?: string, name = 'Renamed') =>
  manage(service, 'PUT', client.client_id, client.registration_access_token, {
    body: aReplacement(client, { client_name: name }),
    ...(ifMatch !== undefined && { ifMatch }),
  });
const read = (client: SelfManagedClient) =>
  manage(service, 'GET', client.client_id, client.registration_access_token);

describe('M-28 the entity tag', () => {
  test('is the version of the client, in every answer that shows it', async () => {
    const response = await service.register(aLoopbackClient());
    expect(response.headers.get('etag')).toBe('"1"');
    const client = (await response.json()) as SelfManagedClient;
    expect((await read(client)).etag).toBe('"1"');
    const replaced = await put(client);
    expect(replaced.etag).toBe('"2"');
    expect((await read(replaced.body)).etag).toBe('"2"');
  });

  test('moves with what operators do to the client as well', async () => {
    const client = await registerClient(service);
    await service.admin('POST', `/clients/${client.client_id}/suspend`, { reason: 'a look' });
    await service.admin('POST', `/clients/${client.client_id}/reinstate`, { reason: 'fine' });
    expect((await read(client)).etag).toBe('"3"');
    expect((await put(client, '"1"')).status).toBe(412);
    expect((await put(client, '"3"')).status).toBe(200);
  });

  test('P-06 is for scripts of other origins, too', async () => {
    const preflight = await service.request('/register/c_any', { method: 'OPTIONS' });
    expect(preflight.headers.get('access-control-allow-headers')).toMatch(/\bIf-Match\b/);
    expect(preflight.headers.get('access-control-allow-methods')).toBe('GET, PUT, DELETE, OPTIONS');
    expect((await read(await registerClient(service))).headers.get('access-control-expose-headers')).toMatch(
      /\bETag\b/,
    );
  });

  test('is not for reading less: a read is 200 with everything, whatever is known already', async () => {
    const client = await registerClient(service);
    const response = await service.request(`/register/${client.client_id}`, {
      headers: { Authorization: `Bearer ${client.registration_access_token}`, 'If-None-Match': '"1"' },
    });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ client_id: client.client_id });
  });
});

describe('M-28 If-Match', () => {
  test.each(['"1"', '"0", "1"', '*'])('%s lets a replacement of version 1 through', async (ifMatch) => {
    expect((await put(await registerClient(service), ifMatch)).status).toBe(200);
  });

  test.each(['"2"', 'W/"1"', '"01"'])('%s stops it: 412, and nothing happened', async (ifMatch) => {
    const client = await registerClient(service);
    const answer = await put(client, ifMatch);
    expect(answer).toMatchObject({
      status: 412,
      body: { error: 'precondition_failed', error_description: expect.stringContaining('If-Match') },
    });
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(await read(client)).toMatchObject({ status: 200, etag: '"1"' });
  });

  test('stops a deletion the same way', async () => {
    const client = await registerClient(service);
    const remove = (ifMatch: string) =>
      manage(service, 'DELETE', client.client_id, client.registration_access_token, { ifMatch });
    expect((await remove('"2"')).status).toBe(412);
    expect((await read(client)).status).toBe(200);
    expect((await remove('"1"')).status).toBe(204);
  });

  test.each(['1', '"1', '', '"1" "2"'])('%j is no list of entity tags: 400', async (ifMatch) => {
    const client = await registerClient(service);
    expect(await put(client, ifMatch)).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
    expect((await read(client)).etag).toBe('"1"');
  });

  test('is looked at after the token, and before the body', async () => {
    const client = await registerClient(service);
    const wrongBody = { body: { client_id: 'c_other' }, ifMatch: '"7"' };
    const token = client.registration_access_token;
    expect((await manage(service, 'PUT', client.client_id, 'rat_wrong', wrongBody)).status).toBe(401);
    expect((await manage(service, 'PUT', client.client_id, token, wrongBody)).status).toBe(412);
    await service.admin('POST', `/clients/${client.client_id}/suspend`, { reason: 'a look' });
    expect((await manage(service, 'PUT', client.client_id, token, wrongBody)).status).toBe(403);
  });
});

describe('M-28 ten replacements at the same moment', () => {
  const names = Array.from({ length: 10 }, (_, n) => `Name ${n}`);
  const together = (client: SelfManagedClient, ifMatch?: string) =>
    Promise.all(names.map((name) => put(client, ifMatch, name)));
  const history = async (client: SelfManagedClient): Promise<LooseJson[]> =>
    ((await (await service.admin('GET', `/clients/${client.client_id}/events`)).json()) as LooseJson).items;

  test('that name the version: one is in force, the others are told that it moved, though their token is dead', async () => {
    const client = await registerClient(service);
    const answers = await whileAppendsWait(10, () => together(client, '"1"'));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, ...Array(9).fill(412)]);
    const winner = answers.find(({ status }) => status === 200)!;
    expect(await read(winner.body)).toMatchObject({ etag: '"2"', body: winner.body });
    expect(await history(client)).toHaveLength(2);
    // A request that comes in after the rotation has no token left to be told anything by.
    expect((await put(client, '"1"')).status).toBe(401);
  });

  test.each([
    ['tokens do not rotate', { rotate_registration_access_token: false }],
    ['the old token has a grace', { registration_access_token_grace: 60 }],
  ])('that name the version where %s: exactly one 200, the others 412', async (_, settings) => {
    await configureClientManagement(service, settings);
    const client = await registerClient(service);
    const answers = await together(client, '"1"');
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, ...Array(9).fill(412)]);
  });

  test('that name nothing: the token of the first answer is the only one left', async () => {
    const client = await registerClient(service);
    const answers = await together(client);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, ...Array(9).fill(401)]);
    const winner = answers.find(({ status }) => status === 200)!;
    expect((await read(winner.body)).body).toEqual(winner.body);
  });

  test('that name nothing where tokens do not rotate: all are in force one after the other, and every answer was true', async () => {
    await configureClientManagement(service, { rotate_registration_access_token: false });
    const client = await registerClient(service);
    const answers = await together(client);
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200));
    const events = await history(client);
    expect(events.map(({ version }) => version)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    for (const { etag, body } of answers) {
      const event = events.find(({ version }) => `"${version}"` === etag);
      expect(event.data.metadata.members.client_name).toBe(body.client_name);
    }
    expect((await read(client)).body).toEqual(answers.find(({ etag }) => etag === '"11"')!.body);
  });

  test('that come after a deletion at the same moment are 401, whatever they name', async () => {
    const client = await registerClient(service);
    const token = client.registration_access_token;
    const deletions = await whileAppendsWait(10, () =>
      Promise.all(names.map(() => manage(service, 'DELETE', client.client_id, token, { ifMatch: '"1"' }))),
    );
    expect(deletions.map(({ status }) => status).toSorted()).toEqual([204, ...Array(9).fill(401)]);
  });

  /** Starts the requests and lets none of them be recorded before so many have been decided. */
  async function whileAppendsWait<Answer>(decided: number, start: () => Promise<Answer>): Promise<Answer> {
    const append = vi.spyOn(service.application.get(EventLog), 'append');
    const lock = await service.database.pool.connect();
    try {
      await lock.query('begin');
      await lock.query('select pg_advisory_xact_lock($1)', [APPEND_LOCK]);
      const answers = start();
      await expect.poll(() => append.mock.calls.length, { interval: 5 }).toBe(decided);
      await lock.query('commit');
      return await answers;
    } finally {
      lock.release();
      append.mockRestore();
    }
  }
});

describe('M-05 another method at the configuration endpoint', () => {
  test.each(['POST', 'PATCH'])('%s is 405 and says which ones there are', async (method) => {
    const client = await registerClient(service);
    const answer = await manage(service, method, client.client_id, client.registration_access_token, {
      body: {},
    });
    expect(answer).toMatchObject({ status: 405, body: { error: 'method_not_allowed' } });
    const allowed = answer.headers.get('allow')!.split(', ');
    expect(allowed).toEqual(expect.arrayContaining(['GET', 'PUT', 'DELETE', 'OPTIONS']));
    expect(allowed).not.toContain(method);
  });
});
