import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postForm, type TokenAnswer } from '../support/oauth-browser.js';
import { clientKey, type ProofKey, proofKey } from '../support/oauth-proofs.js';
import { type OAuthServer, startOAuthServer, type TestClient } from '../support/oauth-server.js';
import { obtainCode, obtainTokens } from '../support/oauth-tokens.js';

describe('tokens bound to a key (RFC 9449)', () => {
  let server: OAuthServer;
  let key: ProofKey;
  let token: string;

  beforeAll(async () => {
    server = await startOAuthServer();
    key = await proofKey();
    token = `${server.url}/token`;
  });

  afterAll(async () => {
    await server.close();
  });

  const machine = (metadata: object = {}): Promise<TestClient> =>
    server.putClient({
      metadata: {
        grant_types: ['client_credentials'],
        response_types: [],
        redirect_uris: [],
        token_endpoint_auth_method: 'client_secret_post',
        ...metadata,
      },
    });

  const ask = (client: TestClient, headers: Record<string, string> = {}): Promise<TokenAnswer> =>
    postForm(
      token,
      {
        grant_type: 'client_credentials',
        client_id: client.client_id,
        client_secret: client.client_secret,
      },
      headers,
    );

  const confirmed = ({ body }: TokenAnswer): unknown => decodeJwt(String(body['access_token']))['cnf'];

  it('RFC 9449 section 5.2 gives a client that registered so no token without a proof', async () => {
    const client = await machine({ dpop_bound_access_tokens: true });
    expect(await ask(client)).toMatchObject({ status: 400, body: { error: 'invalid_dpop_proof' } });

    const person = await server.putClient({ metadata: { dpop_bound_access_tokens: true } });
    const { form } = await obtainCode(server, person);
    expect(await postForm(token, form)).toMatchObject({
      status: 400,
      body: { error: 'invalid_dpop_proof' },
    });
    const answer = await postForm(token, form, await key.proof(token));
    expect(answer).toMatchObject({ status: 200, body: { token_type: 'DPoP' } });
    const refresh = {
      grant_type: 'refresh_token',
      client_id: person.client_id,
      refresh_token: String(answer.body['refresh_token']),
    };
    expect((await postForm(token, refresh)).body['error']).toBe('invalid_dpop_proof');
  });

  it('RFC 9449 section 5 binds what is asked for with a proof, and only that', async () => {
    const client = await machine();
    const bound = await ask(client, await key.proof(token));
    expect(bound).toMatchObject({ status: 200, body: { token_type: 'DPoP' } });
    expect(confirmed(bound)).toEqual({ jkt: key.thumbprint });

    const bearer = await ask(client);
    expect(bearer.body['token_type']).toBe('Bearer');
    expect(confirmed(bearer)).toBeUndefined();
  });

  it('takes every kind of key that the metadata names', async () => {
    const { dpop_signing_alg_values_supported: algorithms } = (await (
      await fetch(`${server.url}/.well-known/oauth-authorization-server`)
    ).json()) as { dpop_signing_alg_values_supported: string[] };
    const client = await machine();
    for (const algorithm of algorithms) {
      const other = await proofKey(algorithm);
      const answer = await ask(client, await other.proof(token));
      expect([algorithm, confirmed(answer)]).toEqual([algorithm, { jkt: other.thumbprint }]);
    }
  });

  it('takes no RSA key, whose size anybody could choose', async () => {
    const rsa = await proofKey('RS256');
    expect((await ask(await machine(), await rsa.proof(token))).body['error']).toBe('invalid_dpop_proof');
  });

  it.each([
    ['is for another method', { claims: { htm: 'GET' } }],
    ['is for another address', { claims: { htu: 'https://other.example/token' } }],
    ['is too old', { claims: { iat: Math.floor(Date.now() / 1000) - 3_600 } }],
    ['has no identifier', { claims: { jti: undefined } }],
    ['is a JWT of another kind', { header: { typ: 'JWT' } }],
  ])('RFC 9449 section 4.3 refuses a proof that %s', async (_, changes) => {
    const answer = await ask(await machine(), await key.proof(token, changes));
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_dpop_proof' } });
  });

  it('refuses a header that is no proof at all, whatever the client authenticates with', async () => {
    expect((await ask(await machine(), { DPoP: 'x' })).body['error']).toBe('invalid_dpop_proof');

    const signing = await clientKey();
    const client = await machine({ token_endpoint_auth_method: 'private_key_jwt', jwks: signing.jwks });
    const now = Math.floor(Date.now() / 1000);
    const assertion = await signing.sign({
      iss: client.client_id,
      sub: client.client_id,
      aud: server.url,
      jti: 'a',
      iat: now,
      exp: now + 60,
    });
    const form = {
      grant_type: 'client_credentials',
      client_assertion: assertion,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    };
    expect((await postForm(token, form, { DPoP: 'x' })).body['error']).toBe('invalid_dpop_proof');
  });

  it('RFC 9449 section 11.1 takes a proof once, also of two that arrive together', async () => {
    const client = await machine();
    const proof = await key.proof(token);
    const answers = await Promise.all([ask(client, proof), ask(client, proof)]);
    const again = await ask(client, proof);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400]);
    expect(answers.find(({ status }) => status === 400)?.body['error']).toBe('invalid_dpop_proof');
    expect(again).toMatchObject({ status: 400, body: { error: 'invalid_dpop_proof' } });
  });

  it('remembers a proof that is dated ahead for as long as it is good', async () => {
    const client = await machine();
    const ahead = await key.proof(token, { claims: { iat: Math.floor(Date.now() / 1000) + 290 } });
    expect((await ask(client, ahead)).status).toBe(200);
    const { rows } = await server.pool.query<{ seconds: number }>(
      `select extract(epoch from max(expires_at) - now())::int as seconds from oauth_models
       where model = 'ReplayDetection'`,
    );
    expect(rows[0]!.seconds).toBeGreaterThan(590);
  });

  it('binds the refresh token of a public client to the key', async () => {
    const client = await server.putClient();
    const { form } = await obtainCode(server, client);
    const redeemed = await key.proof(token);
    const first = await postForm(token, form, redeemed);
    expect(first.body['token_type']).toBe('DPoP');
    const refresh = {
      grant_type: 'refresh_token',
      client_id: client.client_id,
      refresh_token: String(first.body['refresh_token']),
    };
    const stolen = await proofKey();
    expect((await postForm(token, refresh, await stolen.proof(token))).body['error']).toBe('invalid_grant');
    expect((await postForm(token, refresh)).body['error']).toBe('invalid_grant');
    expect((await postForm(token, refresh, redeemed)).body['error']).toBe('invalid_dpop_proof');
    const second = await postForm(token, refresh, await key.proof(token));
    expect(second).toMatchObject({ status: 200, body: { token_type: 'DPoP' } });
    expect(confirmed(second)).toEqual({ jkt: key.thumbprint });
  });

  it('RFC 9449 section 10 binds a code to the key that the authorization request names', async () => {
    const client = await server.putClient();
    const request = { authorize: { dpop_jkt: key.thumbprint } };
    const unproved = await obtainTokens(server, client, request);
    expect(unproved.body['error']).toBe('invalid_grant');
    const { form } = await obtainCode(server, client, request);
    const answer = await postForm(token, form, await key.proof(token));
    expect(confirmed(answer)).toEqual({ jkt: key.thumbprint });
  });

  it('RFC 9449 section 6.2 tells the key at introspection, and revokes a bound token like any other', async () => {
    const client = await machine();
    const answer = await ask(client, await key.proof(token));
    const form = {
      token: String(answer.body['access_token']),
      client_id: client.client_id,
      client_secret: client.client_secret,
    };
    const seen = await postForm(`${server.url}/introspect`, form);
    expect(seen.body).toMatchObject({
      active: true,
      token_type: 'DPoP',
      cnf: { jkt: key.thumbprint },
    });
    expect((await postForm(`${server.url}/revoke`, form)).status).toBe(200);
    expect((await postForm(`${server.url}/introspect`, form)).body).toEqual({ active: false });
  });

  it('P-06 lets scripts of other origins send proofs', async () => {
    const answer = await fetch(token, { method: 'OPTIONS', headers: { origin: 'https://app.example' } });
    expect(answer.headers.get('access-control-allow-headers')).toContain('dpop');
  });
});
