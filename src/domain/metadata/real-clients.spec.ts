import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../contract/json.js';
import { parseOptions, SWITCHED_OFF } from '../../../test/support/metadata-parsing.js';
import { clientInformationMembers } from './client-information.js';
import { parseClientMetadata } from './parse-client-metadata.js';

const folder = new URL('../../../test/fixtures/dcr/', import.meta.url);
const bodyOf = (file: string) => JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as JsonObject;

/** What is registered for each client beside what it sent; the rest of its body comes back unchanged. */
const settled: Record<string, JsonObject> = {
  'chatgpt.json': { token_endpoint_auth_method: 'none', application_type: 'web', scope: 'mcp:tools' },
  'claude-ai.json': { application_type: 'web', scope: 'mcp:tools' },
  'claude-code.json': { application_type: 'native', scope: 'mcp:tools' },
  'cursor.json': { application_type: 'native', scope: 'mcp:tools' },
  'go-sdk.json': { token_endpoint_auth_method: 'client_secret_basic' },
  'mcp-inspector.json': { scope: 'mcp:tools' },
  'mcp-remote.json': { scope: 'offline_access mcp:tools' },
  'minimal.json': {
    token_endpoint_auth_method: 'client_secret_basic',
    grant_types: ['authorization_code'],
    response_types: ['code'],
    application_type: 'web',
    scope: 'mcp:tools',
  },
  'python-sdk.json': { token_endpoint_auth_method: 'client_secret_basic', scope: 'offline_access mcp:tools' },
  'typescript-sdk-machine.json': { response_types: [], application_type: 'web', scope: 'mcp:tools' },
  'typescript-sdk.json': { application_type: 'native' },
  'vscode.json': { grant_types: ['authorization_code', 'refresh_token'], scope: 'mcp:tools' },
};

describe('clients in the field', () => {
  it('are all known here', () => {
    expect(readdirSync(folder).sort()).toEqual(Object.keys(settled).sort());
  });

  it.each(Object.entries(settled))(
    'R-20 R-23 R-24 R-26 R-45 R-58 %s gets what it can use',
    (file, expected) => {
      const body = bodyOf(file);
      const result = parseClientMetadata(body, parseOptions());
      if (!result.ok) throw new Error(result.rejection.description);
      const { token_endpoint_auth_methods_supported: _choices, ...echoed } = body;
      expect(result.metadata.members).toEqual({ ...echoed, ...SWITCHED_OFF, ...expected });
      expect(result.ignored).toEqual([]);
    },
  );

  it.each(Object.keys(settled))('T-01 %s is answered without null or empty members', (file) => {
    const result = parseClientMetadata(bodyOf(file), parseOptions());
    if (!result.ok) throw new Error(result.rejection.description);
    const answer = clientInformationMembers(result.metadata);
    expect(Array.isArray(answer['redirect_uris'])).toBe(true);
    for (const value of Object.values(answer)) expect([null, '', undefined]).not.toContain(value);
  });

  it('T-04 older Cursor, which calls itself a web application, is accepted', () => {
    const result = parseClientMetadata({ ...bodyOf('cursor.json'), application_type: 'web' }, parseOptions());
    expect(result.ok && result.metadata.members.redirect_uris).toEqual(
      bodyOf('cursor.json')['redirect_uris'],
    );
  });

  it('R-50 a loopback redirect without a path comes back without a slash', () => {
    const result = parseClientMetadata({ redirect_uris: ['http://localhost:4180'] }, parseOptions());
    expect(result.ok && result.metadata.members.redirect_uris).toEqual(['http://localhost:4180']);
  });
});
