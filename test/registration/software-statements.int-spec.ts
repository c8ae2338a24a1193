import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/contract/json.js';
import type { StatementIssuer } from '../../src/contract/software-statement.js';
import type { LooseJson } from '../support/loose-json.js';
import { shippedBundle, unpackBundle, withProfiles } from '../support/policy-bundles.js';
import { aLoopbackClient, anUnknownHostClient } from '../support/registrations.js';
import { startTestService, type TestService } from '../support/service.js';
import { anIssuer, type TestIssuer } from '../support/software-statements.js';

let service: TestService;
let directory: TestIssuer;
let other: TestIssuer;
beforeAll(async () => {
  [directory, other] = [await anIssuer('https://directory.example'), await anIssuer('https://other.example')];
  service = await startTestService();
});
afterAll(() => service.stop());

const REALM = {
  registration: 'open',
  profile: 'default',
  scopes: ['mcp:tools', 'payments', 'offline_access'],
  default_scopes: ['mcp:tools'],
  resources: [],
  reason: 'statements',
};

async function trusting(
  issuers: readonly StatementIssuer[],
  more: { required?: boolean; profile?: string } = {},
): Promise<LooseJson> {
  const { required = false, profile = 'default' } = more;
  const body = { ...REALM, profile, software_statements: { issuers, required } };
  const response = await service.admin('PUT', '/realms/default', body);
  expect(response.status).toBe(200);
  return (await response.json()) as LooseJson;
}

async function json(response: Response): Promise<LooseJson> {
  return (await response.json()) as LooseJson;
}

const manage = (method: string, client: LooseJson, body?: object) =>
  service.request(`/register/${client['client_id'] as string}`, {
    method,
    headers: {
      Authorization: `Bearer ${client['registration_access_token'] as string}`,
      ...(body && { 'Content-Type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify({ client_id: client['client_id'], ...body }) }),
  });

async function registered(body: object): Promise<LooseJson> {
  const response = await service.register(body);
  expect(response.status).toBe(201);
  return json(response);
}

async function eventsOf(client: LooseJson): Promise<LooseJson[]> {
  const { rows } = await service.database.pool.query<{ body: Buffer }>(
    'select body from events where stream = $1 order by version',
    [`client:default:${client['client_id'] as string}`],
  );
  return rows.map(({ body }) => JSON.parse(body.toString()));
}

describe('a realm without trusted issuers', () => {
  test('R-95 ignores a statement entirely, whatever it is, and does not return it', async () => {
    await trusting([]);
    for (const software_statement of [await directory.state({ client_name: 'Stated' }), 'nonsense', 7]) {
      const client = await registered(aLoopbackClient({ software_statement }));
      expect(client).toMatchObject({ client_name: 'Example client' });
      expect(client).not.toHaveProperty('software_statement');
      const [event] = await eventsOf(client);
      expect(event!['request'].ignored_members).toEqual(['software_statement']);
    }
  });

  test('is what old bodies configure, and every realm shows it', async () => {
    const response = await service.admin('PUT', '/realms/default', REALM);
    expect(await json(response)).toMatchObject({ software_statements: { issuers: [], required: false } });
  });
});

describe('a realm that trusts an issuer', () => {
  test('R-91 and R-67: the stated values win, and the answer has the statement unmodified', async () => {
    await trusting([directory.trust()]);
    const software_statement = await directory.state({
      jti: 'j-1',
      exp: 4_000_000_000,
      client_name: 'Stated client',
      scope: 'payments unknown',
      contacts: ['stated@canary.example'],
      client_id: 'c_mine',
      client_secret: 'mine',
      org_status: 'Active',
    });
    const client = await registered(
      aLoopbackClient({ software_statement, scope: 'mcp:tools', logo_uri: 'https://self.example/logo' }),
    );
    expect(client).toMatchObject({
      software_statement,
      client_name: 'Stated client',
      scope: 'payments',
      contacts: ['stated@canary.example'],
      logo_uri: 'https://self.example/logo',
    });
    expect(client['client_id']).not.toBe('c_mine');
    for (const claim of ['iss', 'jti', 'exp', 'org_status']) expect(client).not.toHaveProperty(claim);
    const { client_secret: _, ...shown } = client;
    expect(await json(await manage('GET', client))).toEqual(shown);

    const [event] = await eventsOf(client);
    expect(event!['data'].software_statement).toEqual({
      issuer: directory.issuer,
      members: ['client_name', 'contacts', 'scope'],
      sha256: createHash('sha256').update(software_statement).digest('base64url'),
      statement: { $sealed: expect.any(Object) },
    });
    expect(event!['request'].ignored_members).toEqual([]);
  });

  test('neither the log nor the kept decision input holds what a statement says about people', async () => {
    await trusting([directory.trust()]);
    const canary = 'person-canary@people.example';
    const software_statement = await directory.state({
      contacts: [canary],
      org_contacts: [{ email: canary }],
    });
    await registered(aLoopbackClient({ software_statement }));
    for (const [table, column] of [
      ['events', 'body'],
      ['decision_inputs', 'body'],
    ]) {
      for (const text of [canary, software_statement]) {
        const { rows } = await service.database.pool.query(
          `select count(*)::int as n from ${table} where position(convert_to($1, 'UTF8') in ${column}) > 0`,
          [text],
        );
        expect(rows).toEqual([{ n: 0 }]);
      }
    }
  });

  test('R-92 the read model says who vouches for what', async () => {
    await trusting([directory.trust()]);
    const client = await registered(
      aLoopbackClient({ software_statement: await directory.state({ software_id: 's-1' }) }),
    );
    const shown = await json(await service.admin('GET', `/clients/${client['client_id'] as string}`));
    expect(shown['software_statement']).toEqual({
      issuer: directory.issuer,
      sha256: expect.any(String),
      members: ['software_id'],
    });
    const plain = await registered(aLoopbackClient());
    expect(await json(await service.admin('GET', `/clients/${plain['client_id'] as string}`))).toMatchObject({
      software_statement: null,
    });
  });

  test('the effective document is judged: a stated value that is wrong is refused as a plain one', async () => {
    await trusting([directory.trust()]);
    const software_statement = await directory.state({ redirect_uris: ['https://app.evil.example/cb'] });
    const response = await service.register(aLoopbackClient({ software_statement }));
    expect(response.status).toBe(400);
    expect(await json(response)).toMatchObject({ error: 'invalid_redirect_uri' });
  });

  test.each<[string, string, () => Promise<unknown>]>([
    ['invalid_software_statement', 'no JWS', async () => 'nonsense'],
    ['invalid_software_statement', 'no text', async () => ({})],
    ['invalid_software_statement', 'expired', () => directory.state({ exp: 1_000_000_000 })],
    ['invalid_software_statement', 'of another kind', () => directory.state({}, { typ: 'at+jwt' })],
    ['invalid_software_statement', 'signed by another', () => other.state({ iss: directory.issuer })],
    ['unapproved_software_statement', 'of an unknown issuer', () => other.state({})],
    ['unapproved_software_statement', 'for others', () => directory.state({ aud: 'https://a.example' })],
  ])('R-90 and R-93: %s for a statement that is %s, and nothing is written', async (error, _, statement) => {
    await trusting([directory.trust()]);
    const count = async () =>
      (await service.database.pool.query('select count(*)::int as n from events')).rows[0]?.n as number;
    const before = await count();
    const response = await service.register(aLoopbackClient({ software_statement: await statement() }));
    expect(response.status).toBe(400);
    expect(await json(response)).toEqual({ error, error_description: expect.any(String) });
    expect(await count()).toBe(before);
  });

  test('R-72 the statement is judged after the token and the body, and before redirect URIs', async () => {
    await trusting([directory.trust()]);
    const body = { redirect_uris: ['not a uri'], client_name: 7, software_statement: 'nonsense' };
    expect((await service.register(body, { Authorization: 'Bearer iat_x' })).status).toBe(401);
    expect(
      await json(await service.register('{"software_statement":"x","software_statement":"y"}')),
    ).toMatchObject({ error: 'invalid_client_metadata' });
    expect(await json(await service.register(body))).toMatchObject({ error: 'invalid_software_statement' });
  });

  test('that requires a statement refuses registrations without one', async () => {
    await trusting([directory.trust()], { required: true });
    for (const software_statement of [undefined, null, '']) {
      const response = await service.register(aLoopbackClient({ software_statement }));
      expect(response.status).toBe(400);
      expect(await json(response)).toMatchObject({ error: 'invalid_software_statement' });
    }
    const client = await registered(
      aLoopbackClient({ software_statement: await directory.state({ software_id: 'x' }) }),
    );
    expect((await manage('PUT', client, aLoopbackClient())).status).toBe(200);
  });

  test.each<[string, object]>([
    ['a private key', { keys: [{ kty: 'RSA', n: 'A'.repeat(342), e: 'AQAB', d: 'AA' }] }],
    ['a symmetric key', { keys: [{ kty: 'oct', k: 'AAAA' }] }],
    ['no key', { keys: [] }],
  ])('cannot be configured with %s', async (_, jwks) => {
    const issuers = [{ issuer: 'https://a.example', jwks }];
    const body = { ...REALM, software_statements: { issuers } };
    expect((await service.admin('PUT', '/realms/default', body)).status).toBe(400);
  });

  test('cannot be configured twice with one issuer, or to require what nobody can bring', async () => {
    const twice = { ...REALM, software_statements: { issuers: [directory.trust(), directory.trust()] } };
    expect((await service.admin('PUT', '/realms/default', twice)).status).toBe(400);
    const nobody = { ...REALM, software_statements: { required: true } };
    expect((await service.admin('PUT', '/realms/default', nobody)).status).toBe(400);
  });
});

describe('M-27 what a statement set stays', () => {
  async function stated(): Promise<{ readonly client: LooseJson; readonly software_statement: string }> {
    await trusting([directory.trust(), other.trust()]);
    const software_statement = await directory.state({
      client_name: 'Stated',
      scope: 'mcp:tools',
      token_endpoint_auth_method: 'none',
      contacts: ['stated@canary.example'],
    });
    return { client: await registered(aLoopbackClient({ software_statement })), software_statement };
  }
  const HELD = { client_name: 'Stated', scope: 'mcp:tools', contacts: ['stated@canary.example'] };

  test.each<[string, Record<string, unknown>]>([
    ['widens it', { scope: 'mcp:tools payments', client_name: 'Claude' }],
    ['leaves it out', { client_name: undefined }],
    ['empties it', { client_name: null, contacts: [] }],
    ['goes round it', { token_endpoint_auth_methods_supported: ['client_secret_post'] }],
  ])('through a PUT without a statement that %s', async (_, changes) => {
    const { client, software_statement } = await stated();
    const body = { ...aLoopbackClient(changes), token_endpoint_auth_method: 'client_secret_post' };
    const put = await json(await manage('PUT', client, { ...body, logo_uri: 'https://self.example/l' }));
    expect(put).toMatchObject({
      ...HELD,
      software_statement,
      token_endpoint_auth_method: 'none',
      logo_uri: 'https://self.example/l',
    });
    expect(put).not.toHaveProperty('client_secret');
    expect(await json(await manage('GET', put))).toEqual(put);
    const [, replaced] = await eventsOf(client);
    expect(replaced!['data'].software_statement).toMatchObject({ issuer: directory.issuer });
  });

  test('through a PUT that sends everything back as it was answered, the statement included, expired or not', async () => {
    await trusting([directory.trust({ max_registrations: 1 })]);
    const exp = Math.floor(Date.now() / 1000) - 50;
    const software_statement = await directory.state({ client_name: 'Stated', exp, jti: 'nearly over' });
    const client = await registered(aLoopbackClient({ software_statement }));
    // The tolerance for clocks is over, too.
    await trusting([]);
    const put = await manage('PUT', client, aLoopbackClient({ software_statement, client_name: 'Self' }));
    expect(put.status).toBe(200);
    expect(await json(put)).toMatchObject({ client_name: 'Stated', software_statement });
  });

  test('until a new statement of the same issuer says otherwise', async () => {
    const { client } = await stated();
    const software_statement = await directory.state({ client_name: 'Stated anew' });
    const put = await json(
      await manage('PUT', client, aLoopbackClient({ software_statement, scope: 'payments' })),
    );
    expect(put).toMatchObject({ client_name: 'Stated anew', scope: 'payments', software_statement });
    expect(put).not.toHaveProperty('contacts');
  });

  test('and neither an invalid one nor one of another issuer takes its place', async () => {
    const { client } = await stated();
    const foreign = await other.state({ client_name: 'Foreign' });
    const refused = await manage('PUT', client, aLoopbackClient({ software_statement: foreign }));
    expect(refused.status).toBe(400);
    expect(await json(refused)).toMatchObject({ error: 'unapproved_software_statement' });
    const invalid = await manage('PUT', client, aLoopbackClient({ software_statement: 'nonsense' }));
    expect(await json(invalid)).toMatchObject({ error: 'invalid_software_statement' });
    expect(await json(await manage('GET', client))).toMatchObject(HELD);
  });

  test('and one that comes later waits with the change that it came with', async () => {
    await trusting([directory.trust({ max_registrations: 1 })]);
    const client = await registered(aLoopbackClient());
    const redirect_uris = anUnknownHostClient()['redirect_uris'] as string[];
    const software_statement = await directory.state({ redirect_uris, client_name: 'Stated', jti: 'waits' });
    const waiting = await json(await manage('PUT', client, aLoopbackClient({ software_statement })));
    expect(waiting).toMatchObject({ client_name: 'Example client', pending_change: expect.any(Object) });
    expect(waiting).not.toHaveProperty('software_statement');
    // The same request again is the same use of the statement.
    const again = await json(await manage('PUT', waiting, aLoopbackClient({ software_statement })));
    const approve = `/clients/${client['client_id'] as string}/approve`;
    expect((await service.admin('POST', approve, { reason: 'known' })).status).toBe(200);
    expect(await json(await manage('GET', again))).toMatchObject({
      client_name: 'Stated',
      redirect_uris,
      software_statement,
    });
  });
});

describe('K4 a statement that is good for so many clients', () => {
  test.each([1, 5])('%i is good for exactly that many of 20 at once', async (places) => {
    await trusting([directory.trust({ max_registrations: places })]);
    const software_statement = await directory.state({ jti: `parallel-${places}` });
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => service.register(aLoopbackClient({ software_statement }))),
    );
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 201)).toHaveLength(places);
    expect(statuses.filter((status) => status === 400)).toHaveLength(20 - places);
    const refused = await json(answers.find(({ status }) => status === 400)!);
    expect(refused).toMatchObject({ error: 'unapproved_software_statement' });
  });

  test('is used up by replacements as well', async () => {
    await trusting([directory.trust({ max_registrations: 1 })]);
    const software_statement = await directory.state({ jti: 'by put' });
    await registered(aLoopbackClient({ software_statement }));
    const plain = await registered(aLoopbackClient());
    const put = await manage('PUT', plain, aLoopbackClient({ software_statement }));
    expect(put.status).toBe(400);
    expect(await json(put)).toMatchObject({ error: 'unapproved_software_statement' });
  });

  test('is not used up by what the policy refuses, and grows with the number', async () => {
    await trusting([directory.trust({ max_registrations: 1 })]);
    const software_statement = await directory.state({ jti: 'refused first' });
    const denied = aLoopbackClient({ software_statement, redirect_uris: ['https://app.evil.example/cb'] });
    expect((await service.register(denied)).status).toBe(400);
    await registered(aLoopbackClient({ software_statement }));
    expect((await service.register(aLoopbackClient({ software_statement }))).status).toBe(400);
    await trusting([directory.trust({ max_registrations: 2 })]);
    await registered(aLoopbackClient({ software_statement }));
    expect((await service.register(aLoopbackClient({ software_statement }))).status).toBe(400);
  });
});

describe('a profile that knows statements', () => {
  beforeAll(async () => {
    const shipped = JSON.parse((await unpackBundle(shippedBundle())).get('/data.json')!.toString()) as {
      profiles: { default: JsonObject };
    };
    const settings: JsonObject = {
      required_for: { scopes: ['payments'] },
      scope_ceiling_without: ['mcp:tools'],
      reviewed_by: [directory.issuer],
    };
    const bundle = await withProfiles(shippedBundle(), {
      ...shipped.profiles,
      bank: { ...shipped.profiles.default, software_statements: settings },
    });
    const upload = await service.request('/admin/v1/policies', {
      method: 'POST',
      headers: {
        Authorization: `Bearer ${service.configuration.adminToken}`,
        'Content-Type': 'application/gzip',
      },
      body: new Uint8Array(bundle),
    });
    const { digest } = await json(upload);
    await service.admin('POST', `/policies/${digest as string}/activate`, {
      reason: 'bank',
    });
    await trusting([directory.trust()], { profile: 'bank' });
  });

  test('keeps scopes for clients with a statement, at first and after a replacement', async () => {
    const without = await service.register(aLoopbackClient({ scope: 'payments' }));
    expect(without.status).toBe(400);
    expect(await json(without)).toMatchObject({
      error: 'invalid_client_metadata',
      violations: [{ code: 'software_statement_required', field: 'scope', params: { value: 'payments' } }],
    });
    const software_statement = await directory.state({ software_id: 'bank-app' });
    const client = await registered(aLoopbackClient({ scope: 'payments', software_statement }));
    expect((await manage('PUT', client, aLoopbackClient({ scope: 'payments' }))).status).toBe(200);
  });

  test('R-100 takes the word of a reviewing issuer for what it set, and for nothing else', async () => {
    const { redirect_uris } = anUnknownHostClient() as { redirect_uris: string[] };
    const vouched = await directory.state({ redirect_uris });
    expect(await registered(aLoopbackClient({ software_statement: vouched }))).toMatchObject({
      client_status: 'active',
      redirect_uris,
    });
    const silent = await directory.state({ software_id: 'x' });
    expect(await registered(anUnknownHostClient({ software_statement: silent }))).toMatchObject({
      client_status: 'pending',
    });
  });
});
