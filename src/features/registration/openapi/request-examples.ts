import type { JsonObject } from '../../../contract/json.js';

/** What clients in the field send. A test holds them to the parser, and to the fixture of the same name. */
export const REQUEST_EXAMPLES: Readonly<
  Record<string, { readonly summary: string; readonly value: JsonObject }>
> = {
  minimal: {
    summary: 'The least: every other member gets its default',
    value: { redirect_uris: ['https://claude.ai/api/mcp/auth_callback'] },
  },
  'claude-code': {
    summary: 'A native application on a loopback redirect without a port; any port matches later',
    value: {
      client_name: 'Claude Code (weather)',
      redirect_uris: ['http://localhost/callback'],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
    },
  },
  cursor: {
    summary: 'A private-use scheme beside https and loopback',
    value: {
      client_name: 'Cursor',
      redirect_uris: [
        'cursor://anysphere.cursor-mcp/oauth/callback',
        'https://www.cursor.com/agents/mcp/oauth/callback',
        'http://localhost:8787/callback',
      ],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
    },
  },
  'typescript-sdk-machine': {
    summary: 'A client without users; it waits for a person unless it comes with an initial access token',
    value: {
      client_name: 'Batch agent',
      redirect_uris: [],
      grant_types: ['client_credentials'],
      token_endpoint_auth_method: 'client_secret_basic',
    },
  },
  'several-languages': {
    summary: 'Names in several languages',
    value: {
      client_name: 'Field notes',
      'client_name#ja-Jpan-JP': 'フィールドノート',
      client_uri: 'https://notes.example.org/',
      contacts: ['ops@notes.example.org'],
      redirect_uris: ['https://notes.example.org/oauth/callback'],
    },
  },
};
