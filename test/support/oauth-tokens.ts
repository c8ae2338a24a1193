import { authorizationRequest, OAuthBrowser, postForm, type TokenAnswer } from './oauth-browser.js';
import type { OAuthServer, TestClient } from './oauth-server.js';

export interface CodeFlow {
  /** Added to the authorization request. */
  readonly authorize?: Record<string, string | null>;
  /** Added to the token request. */
  readonly token?: Record<string, string>;
  readonly headers?: Record<string, string>;
  readonly browser?: OAuthBrowser;
}

/** A code as the client received it, and what it needs to redeem it. */
export interface IssuedCode {
  readonly form: Record<string, string>;
  /** The authorization response. */
  readonly response: URLSearchParams;
}

/** Goes through sign-in and consent as far as the code. */
export async function obtainCode(
  server: Pick<OAuthServer, 'url'>,
  client: Pick<TestClient, 'client_id' | 'redirect_uri'>,
  flow: CodeFlow = {},
): Promise<IssuedCode> {
  const redirectUri = flow.authorize?.['redirect_uri'] ?? client.redirect_uri;
  const request = authorizationRequest(server.url, {
    client_id: client.client_id,
    redirect_uri: redirectUri,
    ...flow.authorize,
  });
  const browser = flow.browser ?? new OAuthBrowser(server.url);
  const end = await browser.consent(await browser.open(request.url));
  const code = end.url.searchParams.get('code');
  if (code === null) throw new Error(`no code: ${end.status} ${end.url.href}\n${end.body}`);
  return {
    form: {
      grant_type: 'authorization_code',
      code,
      redirect_uri: redirectUri,
      code_verifier: request.verifier,
      client_id: client.client_id,
    },
    response: end.url.searchParams,
  };
}

/** The whole code flow. */
export async function obtainTokens(
  server: Pick<OAuthServer, 'url'>,
  client: Pick<TestClient, 'client_id' | 'redirect_uri'>,
  flow: CodeFlow = {},
): Promise<TokenAnswer> {
  const { form } = await obtainCode(server, client, flow);
  return postForm(`${server.url}/token`, { ...form, ...flow.token }, flow.headers);
}

/** Redeems a refresh token of a public client. */
export function refresh(
  server: OAuthServer,
  client: TestClient,
  refreshToken: unknown,
  more: Record<string, string> = {},
): Promise<TokenAnswer> {
  return postForm(`${server.url}/token`, {
    grant_type: 'refresh_token',
    client_id: client.client_id,
    refresh_token: String(refreshToken),
    ...more,
  });
}
