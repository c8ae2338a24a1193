import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Housekeeping } from '../../src/application/housekeeping/housekeeping.js';
import type { LooseJson } from '../support/loose-json.js';
import { aDeniedClient, aLoopbackClient } from '../support/registrations.js';
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

const post = async (
  body: Record<string, unknown> | string,
  key: string,
  headers: Record<string, string> = {},
  instance = service,
): Promise<{ status: number; body: LooseJson }> => {
  const response = await instance.register(body, { 'Idempotency-Key': key, ...headers });
  return { status: response.status, body: await response.json() };
};
const clients = async (name: string): Promise<number> => {
  const { rows } = await service.database.pool.query(
    'select count(*)::int as clients from client_directory where client_name = $1',
    [name],
  );
  return rows[0].clients;
};
const issueToken = async (maxUses: number): Promise<string> => {
  const response = await service.admin('POST', '/initial-access-tokens', {
    reason: 'onboarding',
    max_uses: maxUses,
  });
  return ((await response.json()) as { token: string }).token;
};

describe('a registration that is sent again with its Idempotency-Key', () => {
  test('R-65 3.6 makes no second client and is told of the first, without any credential', async () => {
    const body = aLoopbackClient({
      client_name: 'Once',
      token_endpoint_auth_method: 'client_secret_basic',
    });
    const first = await post(body, '"once"');
    expect(first.status).toBe(201);
    const again = await post(body, '"once"', {}, other);
    expect(again.status).toBe(409);
    expect(again.body).toEqual({
      error: 'already_registered',
      error_description: expect.stringMatching(/^[\x20\x21\x23-\x5b\x5d-\x7e]+$/),
      client_id: first.body.client_id,
    });
    expect(await clients('Once')).toBe(1);
  });

  test('3.6 in either form of the header, and with another one it is another registration', async () => {
    const body = aLoopbackClient({ client_name: 'Forms' });
    expect((await post(body, 'bare-form')).status).toBe(201);
    expect((await post(body, '"bare-form"')).status).toBe(409);
    expect((await post(body, '"another"')).status).toBe(201);
  });

  test('3.6 and another body is 422, and tells nothing of the first', async () => {
    const first = await post(aLoopbackClient({ client_name: 'Body' }), '"body"');
    const other = await post(aLoopbackClient({ client_name: 'Another body' }), '"body"');
    expect(other.status).toBe(422);
    expect(other.body.error).toBe('idempotency_key_reused');
    expect(JSON.stringify(other.body)).not.toContain(first.body.client_id);
    expect(await clients('Another body')).toBe(0);
  });

  test('I3 3.6 twenty times at once on two instances is one client, however the requests race', async () => {
    const body = aLoopbackClient({ client_name: 'Parallel' });
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) => post(body, '"parallel"', {}, n % 2 === 0 ? service : other)),
    );
    const created = answers.filter((answer) => answer.status === 201);
    expect(created).toHaveLength(1);
    for (const { status, body } of answers.filter((answer) => answer.status !== 201)) {
      expect(status).toBe(409);
      expect(body.client_id).toBe(created[0]!.body.client_id);
    }
    expect(await clients('Parallel')).toBe(1);
  });

  test('3.6 after a refusal is a registration like any other: the key is not burnt', async () => {
    expect((await post(aDeniedClient(), '"refused"')).status).toBe(400);
    expect((await post('{"redirect_uris": 1}', '"refused"')).status).toBe(400);
    expect((await post(aLoopbackClient(), '"refused"')).status).toBe(201);
  });

  test('3.6 by another caller is another key', async () => {
    const body = aLoopbackClient({ client_name: 'Callers' });
    const Authorization = `Bearer ${await issueToken(5)}`;
    expect((await post(body, '"callers"')).status).toBe(201);
    expect((await post(body, '"callers"', { Authorization })).status).toBe(201);
    expect((await post(body, '"callers"', { Authorization })).status).toBe(409);
  });

  test('R-11 3.6 with the single-use token that the first one used up still learns of its client', async () => {
    const Authorization = `Bearer ${await issueToken(1)}`;
    const body = aLoopbackClient({ client_name: 'Single use' });
    const first = await post(body, '"single"', { Authorization });
    expect(first.status).toBe(201);
    const again = await post(body, '"single"', { Authorization });
    expect(again).toMatchObject({ status: 409, body: { client_id: first.body.client_id } });
    expect((await post(body, '"not this one"', { Authorization })).status).toBe(401);
    const forged = { Authorization: `${Authorization.slice(0, -4)}AAAA` };
    expect((await post(body, '"single"', forged)).status).toBe(401);
  });

  test('3.6 after its client was suspended is still a repetition', async () => {
    const body = aLoopbackClient({ client_name: 'Suspended later' });
    const first = await post(body, '"suspended"');
    await service.admin('POST', `/clients/${first.body.client_id}/suspend`, { reason: 'look' });
    expect(await post(body, '"suspended"')).toMatchObject({
      status: 409,
      body: { client_id: first.body.client_id },
    });
  });
});

describe('an Idempotency-Key', () => {
  test.each([
    ['that is empty', '""'],
    ['with a space outside of quotation marks', 'a b'],
    ['whose quotation mark is not closed', '"abc'],
    ['with an escape that is none', '"a\\b"'],
    ['with parameters', '"abc";v=1'],
    ['of 256 characters', 'k'.repeat(256)],
  ])('%s is 400 and registers nobody', async (_, key) => {
    const refused = await post(aLoopbackClient({ client_name: 'Malformed key' }), key);
    expect(refused).toMatchObject({ status: 400, body: { error: 'invalid_idempotency_key' } });
    expect(await clients('Malformed key')).toBe(0);
  });

  test.each([
    ['of 255 characters', 'k'.repeat(255)],
    ['with escapes', String.raw`"a\"b\\c"`],
    ['that is a UUID', '"8e03978e-40d5-43dd-bc93-6894a57f9324"'],
  ])('%s is taken', async (_, key) => {
    expect((await post(aLoopbackClient(), key)).status).toBe(201);
  });

  test('R-72 is judged after authentication', async () => {
    expect((await post(aLoopbackClient(), '""', { Authorization: 'Bearer iat_x' })).status).toBe(401);
  });

  test('P-06 may be sent by browser clients', async () => {
    const preflight = await service.request('/register', { method: 'OPTIONS' });
    expect(preflight.headers.get('access-control-allow-headers')).toContain('Idempotency-Key');
  });

  test('3.6 is forgotten after a day, with no event or client', async () => {
    const body = aLoopbackClient({ client_name: 'After a day' });
    const first = await post(body, '"day"');
    await service.application.get(Housekeeping).run();
    expect((await post(body, '"day"')).status).toBe(409);
    await service.database.pool.query(`update event_claims set claimed_at = now() - interval '25 hours'`);
    await service.application.get(Housekeeping).run();
    expect((await post(body, '"day"')).status).toBe(201);
    expect(await clients('After a day')).toBe(2);
    expect((await service.admin('GET', `/clients/${first.body.client_id}`)).status).toBe(200);
  });

  test('is kept as a hash', async () => {
    await post(aLoopbackClient(), '"canary-key"');
    const { rows } = await service.database.pool.query('select * from event_claims');
    expect(JSON.stringify(rows)).not.toContain('canary-key');
  });
});
