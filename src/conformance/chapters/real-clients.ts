import type { Chapter, ConformanceTest } from '../conformance-test.js';
import { isObject, statusOf } from '../http/exchange.js';
import { expectThat } from '../outcome.js';
import type { TestContext } from '../test-context.js';
import { sameJson, shown } from './expectations.js';
import { valueFaults } from './member-types.js';

const CODE_AND_REFRESH = ['authorization_code', 'refresh_token'];

/** What clients in the field send, rebuilt from what they are known to do. None sends an Authorization header. */
const bodies: Readonly<Record<string, { readonly title: string; readonly body: Record<string, unknown> }>> = {
  'F-portless': {
    title: 'a command line client with http://localhost/callback and no application_type',
    body: {
      client_name: 'Command line (weather)',
      redirect_uris: ['http://localhost/callback'],
      grant_types: CODE_AND_REFRESH,
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
    },
  },
  'F-loopback': {
    title: 'a client that sends redirect_uris on loopback and nothing else',
    body: { redirect_uris: ['http://127.0.0.1:8091/cb'] },
  },
  'F-editor': {
    title: 'an editor: native, https beside loopback, a grant type that few servers know',
    body: {
      client_name: 'Editor',
      client_uri: 'https://code.visualstudio.com',
      application_type: 'native',
      redirect_uris: ['https://vscode.dev/redirect', 'http://127.0.0.1/', 'http://127.0.0.1:33418/'],
      grant_types: [...CODE_AND_REFRESH, 'urn:ietf:params:oauth:grant-type:device_code'],
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
    },
  },
  'F-schemes': {
    title: 'an editor: a scheme of its own beside https and loopback, no application_type',
    body: {
      client_name: 'Cursor',
      redirect_uris: [
        'cursor://anysphere.cursor-mcp/oauth/callback',
        'https://www.cursor.com/agents/mcp/oauth/callback',
        'http://localhost:8787/callback',
      ],
      grant_types: CODE_AND_REFRESH,
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
    },
  },
  'F-hosted': {
    title: 'a hosted assistant: one https redirect, client_secret_post',
    body: {
      client_name: 'Claude',
      redirect_uris: ['https://claude.ai/api/mcp/auth_callback'],
      grant_types: CODE_AND_REFRESH,
      response_types: ['code'],
      token_endpoint_auth_method: 'client_secret_post',
    },
  },
  'F-inspector': {
    title: 'a browser tool that sends an empty scope',
    body: {
      client_name: 'Inspector',
      client_uri: 'https://github.com/modelcontextprotocol/inspector',
      redirect_uris: ['http://127.0.0.1:42339/oauth/callback'],
      grant_types: CODE_AND_REFRESH,
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
      application_type: 'native',
      scope: '',
    },
  },
  'F-proxy': {
    title: 'a proxy that asks for scopes the server may not have',
    body: {
      client_name: 'MCP CLI Proxy',
      client_uri: 'https://github.com/modelcontextprotocol/mcp-cli',
      software_id: '2e6dc280-f3c3-4e01-99a7-8181dbd1d23d',
      software_version: '0.15.1',
      redirect_uris: ['http://localhost:32955/oauth/callback'],
      grant_types: CODE_AND_REFRESH,
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
      application_type: 'native',
      scope: 'openid offline_access mcp:tools',
    },
  },
  'F-choices': {
    title: 'a client that lists the authentication methods it could use',
    body: {
      client_name: 'ChatGPT',
      redirect_uris: ['https://chatgpt.com/connector/oauth/AbC123dEf'],
      grant_types: CODE_AND_REFRESH,
      response_types: ['code'],
      token_endpoint_auth_methods_supported: ['none', 'client_secret_basic'],
    },
  },
};

const URL_MEMBERS = ['client_uri', 'logo_uri', 'tos_uri', 'policy_uri', 'jwks_uri'];

/** What the strictest reader that is known, the MCP TypeScript SDK, cannot read in a 201. */
function readerFaults(answer: unknown): readonly string[] {
  if (!isObject(answer)) return ['the body is no JSON object'];
  const { client_id: id, redirect_uris: uris } = answer;
  const faults = [...valueFaults(answer)];
  if (typeof id !== 'string' || id === '') faults.push('client_id is missing');
  if (!Array.isArray(uris) || !uris.every((uri) => typeof uri === 'string' && URL.canParse(uri)))
    faults.push('redirect_uris is not a list of URLs');
  for (const [name, value] of Object.entries(answer)) if (value === null) faults.push(`${name} is null`);
  for (const name of URL_MEMBERS) {
    const value = answer[name];
    if (typeof value === 'string' && !URL.canParse(value)) faults.push(`${name} is ${shown(value)}, no URL`);
  }
  return faults;
}

async function registerLike(context: TestContext, body: Record<string, unknown>): Promise<void> {
  const exchange = await context.register(body, { headers: { Accept: '*/*', 'User-Agent': 'node' } });
  expectThat(
    exchange.status === 201 || exchange.status === 200,
    'it is registered',
    statusOf(exchange),
    exchange,
  );
  const faults = readerFaults(exchange.json);
  expectThat(faults.length === 0, 'the answer can be read by strict clients', faults.join(', '), exchange);
  const came = (exchange.json as { redirect_uris?: unknown }).redirect_uris;
  expectThat(
    sameJson(came, body['redirect_uris']),
    'redirect_uris come back as they were sent',
    `they are ${shown(came)}`,
    exchange,
  );
}

export const realClients: Chapter = {
  title: 'Clients in the field',
  tests: Object.entries(bodies).map(([id, { title, body }]): ConformanceTest => ({
    id,
    level: 'SHOULD',
    title,
    profiles: ['mcp'],
    reference: 'practice of MCP clients; RFC 7591 sections 2 and 3.2.1',
    rule: 'A server for MCP registers what shipping clients send, and answers in a form that they can read.',
    run: (context) => registerLike(context, body),
  })),
};
