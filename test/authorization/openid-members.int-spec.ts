import { decodeJwt, decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { authorizationRequest, OAuthBrowser, type TokenAnswer } from '../support/oauth-browser.js';
import { type OAuthServer, startOAuthServer, type TestClient } from '../support/oauth-server.js';
import { obtainTokens } from '../support/oauth-tokens.js';

describe('what OpenID Connect lets a client register', () => {
  let server: OAuthServer;

  beforeAll(async () => {
    server = await startOAuthServer();
    await server.configureRealm({ scopes: ['openid', 'mcp:tools', 'mcp:admin', 'offline_access'] });
  });

  afterAll(async () => {
    await server.close();
  });

  const SCOPE = 'openid mcp:tools';

  const idTokenOf = async (client: TestClient): Promise<string> => {
    const answer: TokenAnswer = await obtainTokens(server, client, { authorize: { scope: SCOPE } });
    return String(answer.body['id_token']);
  };

  const signInAgain = async (client: TestClient, browser: OAuthBrowser): Promise<boolean> => {
    const { url } = authorizationRequest(server.url, {
      client_id: client.client_id,
      redirect_uri: client.redirect_uri,
      scope: SCOPE,
    });
    const stop = await browser.open(url);
    const asked = stop.body.includes('/sign-in"');
    await browser.consent(stop);
    return asked;
  };

  it('O-03 require_auth_time puts auth_time into every ID token', async () => {
    const plain = decodeJwt(await idTokenOf(await server.putClient()));
    expect(plain).not.toHaveProperty('auth_time');
    const client = await server.putClient({ metadata: { require_auth_time: true } });
    expect(decodeJwt(await idTokenOf(client))['auth_time']).toEqual(expect.any(Number));
  });

  it('O-03 default_max_age has the user sign in again once the session is older', async () => {
    const patient = await server.putClient({ metadata: { default_max_age: 3_600 } });
    const strict = await server.putClient({ metadata: { default_max_age: 60 } });
    const never = await server.putClient({ metadata: { default_max_age: 0 } });
    const browser = new OAuthBrowser(server.url);
    expect(await signInAgain(patient, browser)).toBe(true);
    expect(await signInAgain(patient, browser)).toBe(false);
    expect(await signInAgain(strict, browser)).toBe(false);
    expect(await signInAgain(never, browser)).toBe(true);

    await server.pool.query(
      `update oauth_models set payload = jsonb_set(payload, '{loginTs}', to_jsonb((payload->>'loginTs')::int - 600))
       where model = 'Session' and payload ? 'loginTs'`,
    );
    expect(await signInAgain(patient, browser)).toBe(false);
    expect(await signInAgain(strict, browser)).toBe(true);
    expect(decodeJwt(await idTokenOf(strict))['auth_time']).toEqual(expect.any(Number));
  });

  it('O-02 id_token_signed_response_alg and subject_type are what the ID token has', async () => {
    const client = await server.putClient({
      metadata: { id_token_signed_response_alg: 'ES256', subject_type: 'public' },
    });
    const other = await server.putClient();
    const idToken = await idTokenOf(client);
    expect(decodeProtectedHeader(idToken).alg).toBe('ES256');
    expect(decodeJwt(await idTokenOf(other)).sub).toBe(decodeJwt(idToken).sub);
  });
});
