import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { basic, postForm, type TokenAnswer } from '../support/oauth-browser.js';
import { type OAuthServer, startOAuthServer, type TestClient } from '../support/oauth-server.js';

const machine = { grant_types: ['client_credentials'], response_types: [], redirect_uris: [] };
const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

describe('client authentication at the token endpoint', () => {
  let server: OAuthServer;

  const ask = (form: Record<string, string>, headers: Record<string, string> = {}): Promise<TokenAnswer> =>
    postForm(`${server.url}/token`, { grant_type: 'client_credentials', ...form }, headers);

  const withMethod = (method: string): Promise<TestClient> =>
    server.putClient({ metadata: { ...machine, token_endpoint_auth_method: method } });

  beforeAll(async () => {
    server = await startOAuthServer();
  });

  afterAll(async () => {
    await server.close();
  });

  describe('with a secret', () => {
    it.each([
      ['client_secret_basic', 'client_secret_basic'],
      ['client_secret_post', 'client_secret_post'],
      ['client_secret_basic', 'client_secret_post'],
      ['client_secret_post', 'client_secret_basic'],
    ])('R-59 accepts %s registered, %s used', async (registered, used) => {
      const { client_id: id, client_secret: secret } = await withMethod(registered);
      const answer = await (used === 'client_secret_basic'
        ? ask({}, basic(id, secret))
        : ask({ client_id: id, client_secret: secret }));
      expect(answer.status).toBe(200);
    });

    it('R-59 accepts client_id in the body beside Basic, and refuses another one there', async () => {
      const { client_id: id, client_secret: secret } = await withMethod('client_secret_basic');
      expect((await ask({ client_id: id }, basic(id, secret))).status).toBe(200);
      expect(await ask({ client_id: 'c_other' }, basic(id, secret))).toMatchObject(invalidClient);
    });

    it('R-59 T-05 refuses two ways at once, with a text that says so', async () => {
      const { client_id: id, client_secret: secret } = await withMethod('client_secret_basic');
      const answer = await ask({ client_id: id, client_secret: secret }, basic(id, secret));
      expect(answer).toMatchObject(invalidClient);
      expect(answer.body['error_description']).toContain('one way');
    });

    it('T-09 answers the same for an unknown client, a wrong secret and a wrong method', async () => {
      const { client_id: id, client_secret: secret } = await withMethod('client_secret_post');
      const publicClient = await server.putClient();
      const answers = await Promise.all([
        ask({ client_id: 'c_unknown', client_secret: secret }),
        ask({ client_id: id, client_secret: 'cs_wrong' }),
        ask({ client_id: id }),
        ask({ client_id: publicClient.client_id, client_secret: secret }),
      ]);
      for (const answer of answers) expect(answer).toMatchObject(invalidClient);
      expect(new Set(answers.map((answer) => JSON.stringify(answer.body))).size).toBe(1);
    });

    it('R-69 refuses an expired secret and accepts another live one', async () => {
      const { client_id: id, client_secret: secret } = await withMethod('client_secret_post');
      const credential = (text: string, expiresAt: string | null) => ({
        id: text,
        alg: 'sha256' as const,
        digest: createHash('sha256').update(text).digest('base64url'),
        created_at: '2026-01-01T00:00:00.000Z',
        expires_at: expiresAt,
      });
      await server.changeClient(id, {
        secrets: [credential(secret, '2026-01-02T00:00:00.000Z'), credential('cs_newer', null)],
      });
      expect(await ask({ client_id: id, client_secret: secret })).toMatchObject(invalidClient);
      expect((await ask({ client_id: id, client_secret: 'cs_newer' })).status).toBe(200);
    });

    it('never accepts the digest as a secret', async () => {
      const { client_id: id, client_secret: secret } = await withMethod('client_secret_post');
      const digest = createHash('sha256').update(secret).digest('base64url');
      expect(await ask({ client_id: id, client_secret: digest })).toMatchObject(invalidClient);
    });
  });

  it.each([
    ['no credentials', {}],
    ['Bearer', { authorization: 'Bearer x' }],
    ['Basic without base64', { authorization: 'Basic ###' }],
    ['Basic without a colon', { authorization: `Basic ${Buffer.from('abc').toString('base64')}` }],
    ['Basic with a broken escape', { authorization: `Basic ${Buffer.from('a%zz:b').toString('base64')}` }],
    ['Basic with U+0000', { authorization: `Basic ${Buffer.from('a%00:b').toString('base64')}` }],
  ])('answers invalid_client for %s', async (_, headers: Record<string, string>) => {
    const answer = await ask({}, headers);
    expect(answer).toMatchObject(invalidClient);
    expect(answer.headers.has('www-authenticate')).toBe('authorization' in headers);
  });

  describe('with private_key_jwt', () => {
    const keys = generateKeyPair('ES256', { extractable: true });

    const client = async (): Promise<TestClient> => {
      const key = await exportJWK((await keys).publicKey);
      return server.putClient({
        metadata: { ...machine, token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [key] } },
      });
    };

    const assertion = async (
      id: string,
      claims: Record<string, unknown> = {},
      header: Record<string, unknown> = {},
    ): Promise<Record<string, string>> => ({
      client_id: id,
      client_assertion_type: ASSERTION_TYPE,
      client_assertion: await new SignJWT({
        iss: id,
        sub: id,
        aud: server.url,
        jti: randomUUID(),
        exp: Math.floor(Date.now() / 1000) + 300,
        ...claims,
      })
        .setProtectedHeader({ alg: 'ES256', typ: 'JWT', ...header })
        .sign((await keys).privateKey),
    });

    it('R-60 accepts the issuer as audience, without kid', async () => {
      const { client_id: id } = await client();
      expect((await ask(await assertion(id))).status).toBe(200);
      expect((await ask(await assertion(id, {}, { typ: undefined }))).status).toBe(200);
      expect((await ask(await assertion(id, {}, { typ: 'client-authentication+jwt' }))).status).toBe(200);
    });

    it('R-60 F10 refuses other audiences, other types, another issuer, no expiry, no jti', async () => {
      const { client_id: id } = await client();
      const refused = await Promise.all([
        assertion(id, { aud: [server.url] }),
        assertion(id, { aud: `${server.url}/token` }),
        assertion(id, { aud: 'https://other.example' }),
        assertion(id, {}, { typ: 'at+jwt' }),
        assertion(id, { iss: 'c_other' }),
        assertion(id, { exp: undefined }),
        assertion(id, { jti: undefined }),
        assertion(id, { exp: Math.floor(Date.now() / 1000) - 120 }),
        assertion(id, { sub: 'c_oth\u0000er' }),
      ]);
      for (const form of refused) expect((await ask(form)).body).toMatchObject({ error: 'invalid_client' });
    });

    it('R-60 accepts an assertion once, also of many at the same time', async () => {
      const { client_id: id } = await client();
      const form = await assertion(id);
      const answers = await Promise.all([1, 2, 3, 4, 5].map(() => ask(form)));
      expect(answers.map((answer) => answer.status).sort()).toEqual([200, 401, 401, 401, 401]);
    });

    it('P8 refuses an unsigned assertion and one under a foreign key', async () => {
      const { client_id: id } = await client();
      const form = await assertion(id);
      const [, payload] = form['client_assertion']!.split('.');
      const none = Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url');
      expect(await ask({ ...form, client_assertion: `${none}.${payload}.` })).toMatchObject(invalidClient);
      const foreign = await new SignJWT({ iss: id, sub: id, aud: server.url, jti: randomUUID() })
        .setProtectedHeader({ alg: 'ES256' })
        .setExpirationTime('5m')
        .sign((await generateKeyPair('ES256')).privateKey);
      expect(await ask({ ...form, client_assertion: foreign })).toMatchObject(invalidClient);
    });

    it('cannot be stood in for by a secret', async () => {
      const { client_id: id, client_secret: secret } = await client();
      expect(await ask({ client_id: id, client_secret: secret })).toMatchObject(invalidClient);
    });
  });
});

const invalidClient = { status: 401, body: { error: 'invalid_client' } };
