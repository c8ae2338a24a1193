import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { METADATA_TABLE } from '../../src/domain/metadata/metadata-table.js';
import type { LooseJson } from '../support/loose-json.js';
import { EC_KEY, SWITCHED_OFF } from '../support/metadata-parsing.js';
import { aLoopbackClient } from '../support/registrations.js';
import { startTestService, type TestService } from '../support/service.js';

let service: TestService;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service.stop());

interface Answer {
  readonly status: number;
  readonly body: LooseJson;
}

async function answerOf(response: Response): Promise<Answer> {
  return { status: response.status, body: (await response.json()) as LooseJson };
}

const register = async (changes: Record<string, unknown> = {}): Promise<Answer> =>
  answerOf(await service.register(aLoopbackClient(changes)));

/** Replaces a client that was just registered. */
async function replace(
  changes: Record<string, unknown>,
  before: Record<string, unknown> = {},
): Promise<Answer> {
  const { body: client } = await register(before);
  return answerOf(
    await service.request(`/register/${String(client['client_id'])}`, {
      method: 'PUT',
      headers: {
        Authorization: `Bearer ${String(client['registration_access_token'])}`,
        'Content-Type': 'application/json',
      },
      body: JSON.stringify({ client_id: client['client_id'], ...aLoopbackClient(changes) }),
    }),
  );
}

const PATHS: readonly (readonly [string, (changes: Record<string, unknown>) => Promise<Answer>])[] = [
  ['POST', register],
  ['PUT', replace],
];

describe('every URI of the table, on every path', () => {
  const members = METADATA_TABLE.filter((member) => 'uri' in member && !member.issued);
  const withVariants = members.flatMap(({ name, type, internationalised }) =>
    [name, ...(internationalised ? [`${name}#de`] : [])].map((wire) => ({ wire, list: type === 'url[]' })),
  );
  const cases = withVariants.flatMap((member) =>
    PATHS.map(([method, send]) => ({ ...member, method, send })),
  );

  test('are more than those that people think of', () => {
    expect(members.length).toBeGreaterThanOrEqual(8);
  });

  test.each(cases)('P6 $method refuses script in $wire', async ({ wire, list, send }) => {
    for (const uri of ['javascript:alert(1)', 'https://user@a.example/', 'https://a.example/../x']) {
      const { status, body } = await send({ [wire]: list ? ['https://a.example/', uri] : uri });
      expect([uri, status, body['field']]).toEqual([uri, 400, wire]);
      expect(body['reason']).toMatch(/^uri_/);
    }
  });

  /** The name in a certificate is registered, and so judged, only where certificates are. */
  const judged = cases.filter(({ wire }) => wire !== 'tls_client_auth_san_uri');

  test.each(judged)('P6 $method puts the host of $wire before the policy', async ({ wire, list, send }) => {
    const uri = 'https://cdn.evil.example/x';
    const keys = wire === 'jwks_uri' ? { token_endpoint_auth_method: 'private_key_jwt' } : {};
    const { status, body } = await send({ [wire]: list ? [uri] : uri, ...keys });
    expect(status).toBe(400);
    expect(body['violations']).toEqual([
      expect.objectContaining({
        field: wire,
        code: expect.stringMatching(/^(uri|redirect)_host_denied$/) as string,
        params: { host: 'cdn.evil.example' },
      }),
    ]);
  });

  test('P6 an unknown host to go to after signing out waits for review, like one to redirect to', async () => {
    const { body } = await register({ post_logout_redirect_uris: ['https://new.acme.example/bye'] });
    expect(body).toMatchObject({
      client_status: 'pending',
      post_logout_redirect_uris: ['https://new.acme.example/bye'],
    });
    const local = await register({ post_logout_redirect_uris: ['http://localhost:3000/bye'] });
    expect(local.body['client_status']).toBe('active');
  });
});

describe('what section 7 of RFC 7591 asks to return', () => {
  test('R-61 P3 every switch comes back, off where it was left out', async () => {
    expect((await register()).body).toMatchObject(SWITCHED_OFF);
    const on = {
      require_pushed_authorization_requests: true,
      require_signed_request_object: true,
      dpop_bound_access_tokens: true,
    };
    const answer = await register({ ...on, jwks: { keys: [EC_KEY] }, organization_name: 'Acme' });
    expect(answer).toMatchObject({
      status: 201,
      body: { ...SWITCHED_OFF, ...on, organization_name: 'Acme' },
    });
  });

  test('M-20 a replacement that leaves a switch out turns it off', async () => {
    const { status, body } = await replace({}, { dpop_bound_access_tokens: true });
    expect([status, body['dpop_bound_access_tokens']]).toEqual([200, false]);
  });

  test('R-57 R-55 no method that needs a certificate, and none bound to one', async () => {
    const tls = { token_endpoint_auth_method: 'tls_client_auth', tls_client_auth_san_dns: 'a.example' };
    expect(await register(tls)).toMatchObject({
      status: 400,
      body: { error: 'invalid_client_metadata', reason: 'authentication_method_unsupported' },
    });
    expect((await register({ tls_client_certificate_bound_access_tokens: true })).body['reason']).toBe(
      'certificate_binding_unsupported',
    );
  });

  test('R-58 choices are answered by the one that was chosen', async () => {
    const { body } = await register({
      jwks: { keys: [EC_KEY] },
      request_object_signing_alg_values_supported: ['none', 'ES256'],
    });
    expect(body['request_object_signing_alg']).toBe('ES256');
    expect(body).not.toHaveProperty('request_object_signing_alg_values_supported');
  });

  test('R-23 authorization details that nobody can be granted are not registered', async () => {
    const { status, body } = await register({ authorization_details_types: ['payment'] });
    expect(status).toBe(201);
    expect(body).not.toHaveProperty('authorization_details_types');
  });
});

describe('members in several languages', () => {
  const names = {
    client_name: 'Portal',
    'client_name#ja-Jpan-JP': 'ポータル',
    'client_name#DE': 'Portal',
    'client_uri#fr': 'https://a.example/fr',
    'organization_name#ja': '会社',
  };

  test('R-80 R-81 come back under the very same names', async () => {
    const { status, body } = await register(names);
    expect(status).toBe(201);
    expect(body).toMatchObject(names);
  });

  test('R-81 R-82 are ignored with a malformed tag, and on members that nobody reads', async () => {
    const odd = {
      'client_name#': 'x',
      'client_name#not a tag': 'x',
      'client_name#a_b': 'x',
      'scope#en': 'mcp:tools',
      'redirect_uris#en': ['https://evil.example/cb'],
      'software_id#en': 'x',
    };
    const { status, body } = await register(odd);
    expect(status).toBe(201);
    for (const name of Object.keys(odd)) expect(body).not.toHaveProperty([name]);
  });

  test('R-80 are judged like the member itself', async () => {
    expect((await register({ 'client_name#ar': 'x\u202ey' })).body).toMatchObject({
      reason: 'text_unprintable',
      field: 'client_name#ar',
    });
    expect((await register({ 'client_uri#fr': 5 })).body).toMatchObject({ reason: 'wrong_type' });
  });

  test('R-81 a tag repeated in another case is refused', async () => {
    expect((await register({ 'client_name#de': 'a', 'client_name#DE': 'b' })).body).toMatchObject({
      reason: 'language_repeated',
    });
  });

  test('R-83 a replacement without one variant deletes that one', async () => {
    const { 'client_name#ja-Jpan-JP': _left, ...others } = names;
    const { status, body } = await replace(others, names);
    expect(status).toBe(200);
    expect(body).toMatchObject(others);
    expect(body).not.toHaveProperty(['client_name#ja-Jpan-JP']);
  });
});

describe('names that people read', () => {
  test.each(['client_name', 'organization_name'])(
    'C2 %s shows everything it contains, and not too much',
    async (name) => {
      for (const text of ['a\u202eb', 'a\u200bb', 'a\u2028b', 'a\ue000b', 'a\u0378b']) {
        expect((await register({ [name]: text })).body).toMatchObject({
          reason: 'text_unprintable',
          field: name,
        });
      }
      expect((await register({ [name]: 'a\u0007b' })).status).toBe(400);
      expect((await register({ [name]: 'x'.repeat(81) })).body).toMatchObject({ reason: 'too_long' });
      expect((await register({ [name]: ' \u3000 ' })).body).toMatchObject({ reason: 'text_blank' });
    },
  );

  test('C2 R-61 the composed form is what is registered, and what is answered', async () => {
    const { body } = await register({ client_name: '  Cafe\u0301 ', organization_name: 'Cafe\u0301' });
    expect(body).toMatchObject({ client_name: 'Caf\u00e9', organization_name: 'Caf\u00e9' });
    const read = await service.request(`/register/${String(body['client_id'])}`, {
      headers: { Authorization: `Bearer ${String(body['registration_access_token'])}` },
    });
    expect(await read.json()).toMatchObject({ client_name: 'Caf\u00e9' });
  });

  test('V3 half a surrogate pair is 400, never a failure', async () => {
    const response = await service.register(
      JSON.stringify(aLoopbackClient()).replace('Example client', 'x\\ud800'),
    );
    expect(response.status).toBe(400);
    const nul = await service.register(
      JSON.stringify(aLoopbackClient({ software_id: 'x' })).replace('"x"', '"a\\u0000"'),
    );
    expect(nul.status).toBe(400);
  });
});

describe('members about ID tokens', () => {
  const members = { default_max_age: 600, require_auth_time: true, subject_type: 'public' };

  test('R-05 are unknown in a realm that issues none', async () => {
    const { status, body } = await register({ ...members, id_token_signed_response_alg: 'RS256' });
    expect(status).toBe(201);
    for (const name of Object.keys(members)) expect(body).not.toHaveProperty(name);
  });

  test('O-02 O-03 come back, defaults included, in a realm that does', async () => {
    const realm = {
      registration: 'open',
      profile: 'default',
      scopes: ['mcp:tools', 'openid'],
      default_scopes: ['mcp:tools'],
      resources: [],
      reason: 'ID tokens are wanted',
    };
    expect((await service.admin('PUT', '/realms/default', realm)).status).toBe(200);
    await expect
      .poll(async () => (await register(members)).body, { timeout: 10_000 })
      .toMatchObject({ ...members, id_token_signed_response_alg: 'ES256' });
    expect((await register({ default_max_age: 1.5 })).body).toMatchObject({ reason: 'wrong_type' });
  });
});
