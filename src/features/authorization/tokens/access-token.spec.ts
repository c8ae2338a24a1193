import { exportJWK, generateKeyPair, type JWTHeaderParameters, type JWTPayload, SignJWT } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { type AccessTokenVerifier, accessTokenVerifier } from './access-token.js';

const ISSUER = 'https://auth.example';

describe('accessTokenVerifier', () => {
  let verify: AccessTokenVerifier;
  let sign: (claims?: JWTPayload, header?: Partial<JWTHeaderParameters>) => Promise<string>;

  beforeAll(async () => {
    const { privateKey, publicKey } = await generateKeyPair('ES256');
    const jwk = { ...(await exportJWK(publicKey)), kid: 'k', alg: 'ES256', use: 'sig' };
    verify = accessTokenVerifier(ISSUER, { keys: [jwk] });
    sign = (claims, header) =>
      new SignJWT({
        iss: ISSUER,
        sub: 'u_1',
        aud: 'https://api.example',
        client_id: 'c_1',
        jti: 'j',
        iat: 1,
        exp: Math.floor(Date.now() / 1000) + 60,
        ...claims,
      })
        .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: 'k', ...header })
        .sign(privateKey);
  });

  it('answers the claims of a live token', async () => {
    expect(await verify(await sign())).toMatchObject({ client_id: 'c_1', jti: 'j' });
  });

  it.each<[string, JWTPayload, Partial<JWTHeaderParameters>]>([
    ['another issuer', { iss: 'https://other.example' }, {}],
    ['another type', {}, { typ: 'JWT' }],
    ['expired', { exp: 1 }, {}],
    ['no expiry', { exp: undefined as never }, {}],
    ['several audiences', { aud: ['a', 'b'] }, {}],
    ['no client', { client_id: undefined }, {}],
    ['a grant that is no text', { grant_id: 1 }, {}],
  ])('answers null: %s', async (_, claims, header) => {
    expect(await verify(await sign(claims, header))).toBeNull();
  });

  it('answers null to what is not even a JWT', async () => {
    for (const text of ['', 'x', 'a.b.c', '..']) expect(await verify(text)).toBeNull();
  });
});
