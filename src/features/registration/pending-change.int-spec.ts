import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LooseJson } from '../../../test/support/loose-json.js';
import { aLoopbackClient, anUnknownHostClient } from '../../../test/support/registrations.js';
import { startTestService, type TestService } from '../../../test/support/service.js';

let service: TestService;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service.stop());

const ask = async (method: string, client: LooseJson, body?: object): Promise<LooseJson> => {
  const response = await service.request(`/register/${client.client_id}`, {
    method,
    headers: {
      Authorization: `Bearer ${client.registration_access_token}`,
      ...(body && { 'Content-Type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  expect(response.status).toBe(200);
  return response.json();
};

describe('a replacement that goes to review', () => {
  test('names what would change, and not the contacts that stay as they are', async () => {
    const contacts = ['ops@acme.example'];
    const client: LooseJson = await (await service.register(aLoopbackClient({ contacts }))).json();
    const put = await ask('PUT', client, {
      client_id: client.client_id,
      ...anUnknownHostClient({ contacts }),
    });
    const read = await ask('GET', put);
    for (const answer of [put, read]) {
      expect(answer).toMatchObject({ contacts, redirect_uris: client.redirect_uris });
      // The kind of application is inferred from the redirect URIs.
      expect(answer.pending_change.fields).toEqual(['redirect_uris', 'application_type']);
    }
  });
});
