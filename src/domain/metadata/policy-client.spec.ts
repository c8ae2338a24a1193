import { describe, expect, it } from 'vitest';
import { parseOptions, SERVER, SWITCHED_OFF } from '../../../test/support/metadata-parsing.js';
import { METADATA_TABLE } from './metadata-table.js';
import { parseClientMetadata } from './parse-client-metadata.js';
import { parsePolicyUri, toPolicyClient } from './policy-client.js';

describe('a URI before the policy', () => {
  it('is parsed once and keeps the string the client sent', () => {
    expect(parsePolicyUri('https://auth.a.example:8443/cb?x=1')).toEqual({
      raw: 'https://auth.a.example:8443/cb?x=1',
      scheme: 'https',
      host: 'auth.a.example',
      labels: ['auth', 'a', 'example'],
      port: 8443,
      path: '/cb',
      loopback: false,
      registrable_domain: 'a.example',
    });
  });

  it.each([
    ['https://claude.ai', { host: 'claude.ai', path: '', port: null, registrable_domain: 'claude.ai' }],
    [
      'http://localhost:33418/',
      { host: 'localhost', labels: ['localhost'], port: 33418, loopback: true, registrable_domain: null },
    ],
    ['http://127.0.0.1/', { host: '127.0.0.1', labels: [], loopback: true, registrable_domain: null }],
    ['http://[::1]/', { host: '[::1]', labels: [], loopback: true, registrable_domain: null }],
    ['https://localhost/cb', { loopback: false, registrable_domain: null }],
    ['https://192.0.2.1/cb', { labels: [], loopback: false, registrable_domain: null }],
    [
      'com.example.app:/cb',
      { scheme: 'com.example.app', host: null, labels: [], path: '/cb', registrable_domain: null },
    ],
    [
      'cursor://Anysphere.Cursor-mcp/cb',
      {
        scheme: 'cursor',
        host: 'anysphere.cursor-mcp',
        labels: ['anysphere', 'cursor-mcp'],
        registrable_domain: null,
      },
    ],
    ['com.example.app://localhost/cb', { host: 'localhost', loopback: false }],
  ])('%s', (raw, parts) => {
    expect(parsePolicyUri(raw)).toMatchObject({ raw, ...parts });
  });

  it.each([
    ['https://user.github.io/', 'user.github.io'],
    ['https://github.io/', null],
    ['https://deep.app.vercel.app/', 'app.vercel.app'],
    ['https://www.example.co.uk/', 'example.co.uk'],
    ['https://co.uk/', null],
    ['https://a.attacker-example.com/', 'attacker-example.com'],
    ['https://my_app.example.com/', 'example.com'],
  ])('P7 has the domain somebody registered: %s', (raw, domain) => {
    expect(parsePolicyUri(raw).registrable_domain).toBe(domain);
  });

  it('is never made of a string that registration refuses', () => {
    expect(() => parsePolicyUri('https://user@a.example/')).toThrow(TypeError);
  });
});

describe('a client before the policy', () => {
  const sample: Record<string, unknown> = {
    url: 'https://a.example/x',
    'url[]': ['https://a.example/x', 'https://b.example/y'],
  };
  const uriMembers = METADATA_TABLE.filter(({ type, issued }) => type in sample && !issued);

  it.each(uriMembers.map((member) => [member.name, member] as const))(
    'P6 has %s in parts',
    (name, member) => {
      const result = parseClientMetadata(
        {
          redirect_uris: ['https://a.example/cb'],
          [name]: sample[member.type] as string,
          ...(name.startsWith('tls_client_auth_') && { token_endpoint_auth_method: 'tls_client_auth' }),
        },
        parseOptions({
          token_endpoint_auth_methods: [...SERVER.token_endpoint_auth_methods, 'tls_client_auth'],
        }),
      );
      const before = result.ok ? toPolicyClient(result.metadata)[name] : null;
      const uris = [before].flat();
      expect(uris).toHaveLength(member.type === 'url' ? 1 : 2);
      for (const uri of uris)
        expect(uri).toMatchObject({ raw: expect.any(String), labels: [expect.any(String), 'example'] });
    },
  );

  it('R-100 is the whole effective metadata, variants included', () => {
    const result = parseClientMetadata(
      {
        redirect_uris: ['http://localhost/cb'],
        'client_uri#fr': 'https://a.example/fr',
        client_name: 'Client',
        contacts: ['a@a.example'],
        scope: 'mcp:tools mcp:admin',
      },
      parseOptions(),
    );
    expect(result.ok && toPolicyClient(result.metadata)).toEqual({
      redirect_uris: [parsePolicyUri('http://localhost/cb')],
      token_endpoint_auth_method: 'client_secret_basic',
      grant_types: ['authorization_code'],
      response_types: ['code'],
      application_type: 'native',
      client_name: 'Client',
      'client_uri#fr': parsePolicyUri('https://a.example/fr'),
      contacts: ['a@a.example'],
      scope: ['mcp:tools', 'mcp:admin'],
      ...SWITCHED_OFF,
    });
  });

  it('has no scope rather than an empty one', () => {
    const result = parseClientMetadata(
      { redirect_uris: ['https://a.example/cb'] },
      parseOptions({ default_scopes: [] }),
    );
    expect(result.ok && toPolicyClient(result.metadata).scope).toEqual([]);
  });
});
