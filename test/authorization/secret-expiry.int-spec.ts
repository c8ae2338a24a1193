import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Credential } from '../../src/contract/credential.js';
import { authorizationRequest, postForm, type TokenAnswer } from '../support/oauth-browser.js';
import { type OAuthServer, startOAuthServer, type TestClient } from '../support/oauth-server.js';

const HOUR = 3600_000;
const PATHS = ['/token', '/introspect', '/revoke', '/par'] as const;

describe('K5 the end of a secret', () => {
  let server: OAuthServer;

  beforeAll(async () => {
    server = await startOAuthServer();
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  afterAll(async () => {
    await server.close();
  });

  /** Moves this process's clock; the database keeps its own. */
  const setClockOff = (milliseconds: number): void => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + milliseconds });
  };
  const secret = (text: string, end: number | null): Credential => ({
    id: text,
    alg: 'sha256',
    digest: createHash('sha256').update(text).digest('base64url'),
    created_at: '2026-01-01T00:00:00.000Z',
    expires_at: end === null ? null : new Date(Date.now() + end).toISOString(),
  });
  const clientWith = async (...secrets: Credential[]): Promise<TestClient> => {
    const client = await server.putClient({
      metadata: {
        grant_types: ['authorization_code', 'client_credentials'],
        token_endpoint_auth_method: 'client_secret_post',
      },
    });
    await server.changeClient(client.client_id, { secrets });
    return client;
  };
  const ask = (path: string, client: TestClient, client_secret: string): Promise<TokenAnswer> => {
    const { url } = authorizationRequest(server.url, {
      client_id: client.client_id,
      redirect_uri: client.redirect_uri,
    });
    return postForm(server.url + path, {
      ...(path === '/par'
        ? Object.fromEntries(url.searchParams)
        : { client_id: client.client_id, token: 'x', grant_type: 'client_credentials' }),
      client_secret,
    });
  };

  describe.each(PATHS)('at %s', (path) => {
    it('R-69 is refused from then on, to a client that has another one live as well', async () => {
      const client = await clientWith(secret('cs_old', -1), secret('cs_new', null));
      expect(await ask(path, client, 'cs_old')).toMatchObject({
        status: 401,
        body: { error: 'invalid_client' },
      });
      expect((await ask(path, client, 'cs_new')).status).toBeLessThan(300);
    });

    it('is by the database’s clock, whatever that of the instance says', async () => {
      const client = await clientWith(secret('cs_old', -60_000), secret('cs_new', 60_000));
      setClockOff(-HOUR);
      expect((await ask(path, client, 'cs_old')).status).toBe(401);
      setClockOff(2 * HOUR);
      expect((await ask(path, client, 'cs_new')).status).toBeLessThan(300);
    });
  });

  it('of a whole client is by the database’s clock, too', async () => {
    const [gone, here] = [await clientWith(secret('cs', null)), await clientWith(secret('cs', null))];
    await server.changeClient(gone.client_id, { expires_at: new Date(Date.now() - 60_000).toISOString() });
    await server.changeClient(here.client_id, { expires_at: new Date(Date.now() + 60_000).toISOString() });
    setClockOff(-HOUR);
    expect((await ask('/token', gone, 'cs')).status).toBe(401);
    setClockOff(2 * HOUR);
    expect((await ask('/token', here, 'cs')).status).toBe(200);
  });
});
