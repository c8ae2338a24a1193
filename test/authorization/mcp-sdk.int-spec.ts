import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { OAuthClientProvider } from '@modelcontextprotocol/sdk/client/auth.js';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type {
  OAuthClientInformationMixed,
  OAuthClientMetadata,
  OAuthTokens,
} from '@modelcontextprotocol/sdk/shared/auth.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OAuthBrowser } from '../support/oauth-browser.js';
import { startTestService, type TestService } from '../support/service.js';

describe('the official MCP SDK with the example server', () => {
  let service: TestService;
  let example: ExampleServer;

  beforeAll(async () => {
    service = await startTestService();
    example = await startExample(service.url);
  });

  afterAll(async () => {
    await example.stop();
    await service.stop();
  });

  const connect = (provider: OAuthClientProvider): StreamableHTTPClientTransport =>
    new StreamableHTTPClientTransport(example.url, { authProvider: provider });

  it('discovers, registers, signs in, calls the tool, and refreshes', async () => {
    const provider = new SdkClient('http://localhost:8090/callback');
    const first = connect(provider);
    await expect(new Client({ name: 'test', version: '1.0.0' }).connect(first)).rejects.toThrow(
      /Unauthorized/,
    );
    expect(provider.clientInformation()!.client_id).toMatch(/^c_/);
    expect(provider.authorizationUrl!.searchParams.get('resource')).toBe(example.url.href);

    const browser = new OAuthBrowser(service.url);
    const end = await browser.consent(await browser.open(provider.authorizationUrl!));
    await first.finishAuth(end.url.searchParams.get('code')!);
    expect(await callWeather(example.url, provider)).toMatch(/^Lisbon: .+ °C \(told to u_/);

    const used = provider.tokens()!;
    provider.saveTokens({ ...used, access_token: 'expired' });
    expect(await callWeather(example.url, provider)).toMatch(/^Lisbon/);
    expect(provider.tokens()!.refresh_token).not.toBe(used.refresh_token);
  });

  it('T-16 waits for a reviewer, and goes on after the approval', async () => {
    const provider = new SdkClient('https://reports.acme.example/oauth/callback');
    const first = connect(provider);
    await expect(new Client({ name: 'test', version: '1.0.0' }).connect(first)).rejects.toThrow(
      /Unauthorized/,
    );
    const browser = new OAuthBrowser(service.url);
    expect((await browser.open(provider.authorizationUrl!)).body).toContain('Waiting for approval');

    const { client_id: id } = provider.clientInformation()!;
    expect((await service.admin('POST', `/clients/${id}/approve`, { reason: 'known to us' })).ok).toBe(true);
    const end = await browser.consent(await browser.open(provider.authorizationUrl!));
    await first.finishAuth(end.url.searchParams.get('code')!);
    expect(await callWeather(example.url, provider)).toMatch(/^Lisbon/);
  });

  it('M-42 registers again by itself after its registration was deleted', async () => {
    const provider = new SdkClient('http://localhost:8090/callback');
    const first = connect(provider);
    await expect(new Client({ name: 'test', version: '1.0.0' }).connect(first)).rejects.toThrow(
      /Unauthorized/,
    );
    const browser = new OAuthBrowser(service.url);
    const end = await browser.consent(await browser.open(provider.authorizationUrl!));
    await first.finishAuth(end.url.searchParams.get('code')!);

    const { client_id: id } = provider.clientInformation()!;
    expect((await service.admin('DELETE', `/clients/${id}`, { reason: 'no longer needed' })).ok).toBe(true);
    provider.saveTokens({ ...provider.tokens()!, access_token: 'expired' });
    await expect(callWeather(example.url, provider)).rejects.toThrow(/Unauthorized/);
    expect(provider.clientInformation()!.client_id).not.toBe(id);
  });

  it.each([
    [
      'no token',
      undefined,
      401,
      /^Bearer resource_metadata="http:\/\/localhost:\d+\/\.well-known\/[^"]+", scope="mcp:tools"$/,
    ],
    [
      'a token of another issuer',
      'Bearer eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJ4In0.c2ln',
      401,
      /error="invalid_token"/,
    ],
  ])('turns away %s and says where to get one', async (_, authorization, status, challenge) => {
    const headers = {
      'content-type': 'application/json',
      ...(authorization !== undefined && { authorization }),
    };
    const answer = await fetch(example.url, { method: 'POST', body: '{}', headers });
    expect(answer.status).toBe(status);
    expect(answer.headers.get('www-authenticate')).toMatch(challenge);
  });
});

async function callWeather(url: URL, provider: OAuthClientProvider): Promise<string> {
  const client = new Client({ name: 'test', version: '1.0.0' });
  await client.connect(new StreamableHTTPClientTransport(url, { authProvider: provider }));
  const result = await client.callTool({ name: 'weather', arguments: { city: 'Lisbon' } });
  await client.close();
  return (result.content as { text: string }[])[0]!.text;
}

/** An MCP client as an application writes it, except that it keeps everything in memory. */
class SdkClient implements OAuthClientProvider {
  authorizationUrl: URL | undefined;
  private information: OAuthClientInformationMixed | undefined;
  private saved: OAuthTokens | undefined;
  private verifier = '';

  constructor(readonly redirectUrl: string) {}

  get clientMetadata(): OAuthClientMetadata {
    return {
      redirect_uris: [this.redirectUrl],
      client_name: 'Example TypeScript SDK',
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
    };
  }

  clientInformation(): OAuthClientInformationMixed | undefined {
    return this.information;
  }

  /** The SDK says what is of no use any more. */
  invalidateCredentials(scope: 'all' | 'client' | 'tokens' | 'verifier' | 'discovery'): void {
    if (scope === 'all' || scope === 'client') this.information = undefined;
    if (scope === 'all' || scope === 'tokens') this.saved = undefined;
  }

  saveClientInformation(information: OAuthClientInformationMixed): void {
    this.information = information;
  }

  tokens(): OAuthTokens | undefined {
    return this.saved;
  }

  saveTokens(tokens: OAuthTokens): void {
    this.saved = tokens;
  }

  redirectToAuthorization(url: URL): void {
    this.authorizationUrl = url;
  }

  saveCodeVerifier(verifier: string): void {
    this.verifier = verifier;
  }

  codeVerifier(): string {
    return this.verifier;
  }
}

interface ExampleServer {
  readonly url: URL;
  stop(): Promise<void>;
}

/** Starts the example as its README does. */
async function startExample(authorizationServer: string): Promise<ExampleServer> {
  const child: ChildProcess = spawn(process.execPath, ['examples/mcp-server/server.mjs'], {
    env: { ...process.env, PORT: '0', AUTHORIZATION_SERVER: authorizationServer },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface(child.stdout!), 'line')) as [string];
  return {
    url: new URL(/http:\/\/localhost:\d+\/mcp/.exec(line)![0]),
    async stop() {
      child.kill();
      await once(child, 'exit');
    },
  };
}
