import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LooseJson } from '../support/loose-json.js';
import { activateSettings } from '../support/policy-activation.js';
import { aLoopbackClient, anUnknownHostClient } from '../support/registrations.js';
import { startTestService, type TestService } from '../support/service.js';

let service: TestService;
let other: TestService;
beforeAll(async () => {
  service = await startTestService();
  // A second instance, on the same database.
  other = await startTestService({ publicUrl: service.url }, service.database);
});
afterAll(async () => {
  await other.stop();
  await service.stop();
});

const register = async (
  body: Record<string, unknown> | string,
  instance = service,
): Promise<{ status: number; body: LooseJson }> => {
  const response = await instance.register(body);
  return { status: response.status, body: await response.json() };
};
const operate = async (clientId: string, intent: string): Promise<void> => {
  const response = await service.admin('POST', `/clients/${clientId}/${intent}`, { reason: 'a test' });
  expect(response.status).toBe(200);
};
const replace = async (client: LooseJson, body: Record<string, unknown>) => {
  const response = await service.request(`/register/${client.client_id}`, {
    method: 'PUT',
    headers: {
      Authorization: `Bearer ${client.registration_access_token}`,
      'Content-Type': 'application/json',
    },
    body: JSON.stringify({ client_id: client.client_id, ...body }),
  });
  return { status: response.status, body: (await response.json()) as LooseJson };
};
const barred = (reference: string) => ({
  status: 400,
  body: {
    error: 'invalid_client_metadata',
    violations: [{ rule: 'prior_standing', code: 'identical_client_barred', params: { reference } }],
  },
});

describe('a client that an operator suspended', () => {
  test('does not come back by registering again, at any instance, until it is reinstated', async () => {
    const body = aLoopbackClient({ client_name: 'Suspended' });
    const { client_id } = (await register(body)).body;
    await operate(client_id, 'suspend');
    for (const instance of [service, other]) {
      const again = await register(body, instance);
      expect(again).toMatchObject(barred(client_id));
      expect(again.body.error_description).toContain(client_id);
    }
    await operate(client_id, 'reinstate');
    expect((await register(body)).status).toBe(201);
  });

  test('is recognised in another order of members, with defaults spelt out and with other contacts', async () => {
    const body = aLoopbackClient({ client_name: 'Same', contacts: ['a@b.example'] });
    const { client_id } = (await register(body)).body;
    await operate(client_id, 'suspend');
    const reordered = Object.fromEntries(Object.entries(body).toReversed());
    for (const same of [
      reordered,
      { ...body, response_types: ['code'], application_type: 'native' },
      { ...body, contacts: ['c@d.example'] },
      { ...body, unknown_member: 'ignored' },
    ]) {
      expect(await register(same)).toMatchObject(barred(client_id));
    }
  });

  test('is not recognised under another name or redirect URI, but its software is, and waits for review', async () => {
    const body = aLoopbackClient({ client_name: 'Software', software_id: 'software-of-the-test' });
    const { client_id } = (await register(body)).body;
    await operate(client_id, 'suspend');
    for (const others of [
      { client_name: 'Renamed' },
      { redirect_uris: ['http://127.0.0.1:9999/elsewhere'] },
      { grant_types: ['refresh_token', 'authorization_code'] },
    ]) {
      const { software_id: _, ...anonymous }: Record<string, unknown> = { ...body, ...others };
      expect(await register(anonymous)).toMatchObject({ status: 201, body: { client_status: 'active' } });
      const known = await register({ ...body, ...others });
      expect(known).toMatchObject({ status: 201, body: { client_status: 'pending' } });
      const shown: LooseJson = await (await service.admin('GET', `/clients/${known.body.client_id}`)).json();
      expect(JSON.stringify(shown)).toContain('software_barred');
    }
    await operate(client_id, 'reinstate');
    expect(await register({ ...body, client_name: 'Free' })).toMatchObject({
      body: { client_status: 'active' },
    });
  });

  test('leaves identical clients that are registered already as they are', async () => {
    const body = aLoopbackClient({ client_name: 'Sibling' });
    const first = (await register(body)).body;
    const sibling = (await register(body)).body;
    await operate(first.client_id, 'suspend');
    // What stays as it is was judged before.
    expect((await replace(sibling, body)).status).toBe(200);
  });

  test('is not come back to by a replacement', async () => {
    const body = aLoopbackClient({ client_name: 'Replaced into' });
    const { client_id } = (await register(body)).body;
    await operate(client_id, 'suspend');
    const harmless = (await register(aLoopbackClient({ client_name: 'Harmless' }))).body;
    expect(await replace(harmless, body)).toMatchObject(barred(client_id));
    const read = await service.request(`/register/${harmless.client_id}`, {
      headers: { Authorization: `Bearer ${harmless.registration_access_token}` },
    });
    expect(await read.json()).toMatchObject({ client_name: 'Harmless' });
  });

  test('bars the same registration that raced with its suspension, or comes before it in the log', async () => {
    const body = aLoopbackClient({ client_name: 'Racing' });
    const { client_id } = (await register(body)).body;
    const answers: Promise<{ status: number; body: LooseJson }>[] = [];
    for (let n = 0; n < 10; n++) answers.push(register(body, n % 2 === 0 ? service : other));
    const suspension = operate(client_id, 'suspend');
    for (let n = 0; n < 10; n++) answers.push(register(body, n % 2 === 0 ? service : other));
    await suspension;
    const created = (await Promise.all(answers)).filter(({ status }) => status === 201);
    const { rows } = await service.database.pool.query<{ position: string; type: string; stream: string }>(
      `select position, type, stream from events where type in ('client.registered', 'client.suspended')`,
    );
    const held = rows.find((row) => row.type === 'client.suspended' && row.stream.endsWith(client_id))!;
    for (const { body } of created) {
      const row = rows.find((each) => each.stream.endsWith(body.client_id))!;
      expect(Number(row.position)).toBeLessThan(Number(held.position));
    }
    expect(await register(body)).toMatchObject(barred(client_id));
  });
});

describe('a client that an operator turned away', () => {
  test('is refused with the reference of the denial for 30 days', async () => {
    const body = anUnknownHostClient({ client_name: 'Denied' });
    const { client_id } = (await register(body)).body;
    await operate(client_id, 'deny');
    expect(await register(body)).toMatchObject(barred(client_id));
    const { rows } = await service.database.pool.query(
      `select standing, standing_until - (record->>'updated_at')::timestamptz = interval '30 days' as month
       from client_directory where client_id = $1`,
      [client_id],
    );
    expect(rows).toEqual([{ standing: 'denied', month: true }]);
    await service.database.pool.query(
      `update client_directory set standing_until = now() - interval '1 second' where client_id = $1`,
      [client_id],
    );
    expect((await register(body)).status).toBe(201);
  });

  test('may register again once the operator takes the denial back, and the first stays denied', async () => {
    const body = anUnknownHostClient({ client_name: 'Denied by mistake' });
    const { client_id } = (await register(body)).body;
    await operate(client_id, 'deny');
    expect((await register(body)).status).toBe(400);
    await operate(client_id, 'reinstate');
    expect(await register(body)).toMatchObject({ status: 201, body: { client_status: 'pending' } });
    const shown: LooseJson = await (await service.admin('GET', `/clients/${client_id}`)).json();
    expect(shown.status).toBe('denied');
  });

  test('is known to the decision that is only tried out', async () => {
    const body = anUnknownHostClient({ client_name: 'Tried out' });
    const { client_id } = (await register(body)).body;
    await operate(client_id, 'deny');
    const tried = await service.admin('POST', '/policies/evaluate', { registration: body });
    expect(await tried.json()).toMatchObject({
      outcome: 'deny',
      violations: [{ code: 'identical_client_barred', params: { reference: client_id } }],
    });
  });

  test('is let in where the profile ignores it', async () => {
    const body = anUnknownHostClient({ client_name: 'Ignored' });
    const { client_id } = (await register(body)).body;
    await operate(client_id, 'deny');
    await activateSettings(service, { prior_standing: { identical: 'ignore' } });
    expect((await register(body)).status).toBe(201);
    await activateSettings(service, {});
    expect((await register(body)).status).toBe(400);
  });
});
