import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '../../contract/json.js';
import { EC_KEY, HTTPS, parseOptions } from '../../../test/support/metadata-parsing.js';
import type { CustomMetadataRules } from './custom-metadata-rules.js';
import { METADATA_TABLE } from './metadata-table.js';
import { parseClientMetadata } from './parse-client-metadata.js';
import type { ParseOptions } from './parse-options.js';

describe('parsing, whatever comes', () => {
  const names = METADATA_TABLE.map(({ name }) => name);
  const uri = fc.constantFrom(
    HTTPS,
    'http://localhost/cb',
    'cursor://x/y',
    'com.example.app:/cb',
    'javascript:x',
    'https://A.example',
    '',
  );
  const plausible = fc.record(
    {
      redirect_uris: fc.array(uri, { maxLength: 4 }),
      token_endpoint_auth_method: fc.constantFrom('none', 'client_secret_basic', 'private_key_jwt', 'x', ''),
      token_endpoint_auth_methods_supported: fc.subarray([
        'none',
        'client_secret_post',
        'private_key_jwt',
        'x',
      ]),
      grant_types: fc.subarray(['authorization_code', 'refresh_token', 'client_credentials', 'implicit']),
      response_types: fc.subarray(['code', 'token']),
      application_type: fc.constantFrom('web', 'native'),
      scope: fc.constantFrom('mcp:tools', 'openid', '', 'mcp:admin offline_access x'),
      client_name: fc.string({ unit: 'grapheme', maxLength: 20 }),
      'client_name#fr': fc.string({ unit: 'grapheme', maxLength: 20 }),
      client_uri: uri,
      contacts: fc.array(fc.string({ maxLength: 5 }), { maxLength: 3 }),
      jwks_uri: fc.constantFrom('https://a.example/jwks', null),
      jwks: fc.constantFrom({ keys: [EC_KEY] }, null),
      cost_center: fc.jsonValue({ maxDepth: 2 }),
      unknown: fc.jsonValue({ maxDepth: 2 }),
    },
    { requiredKeys: [] },
  );
  /** Mostly acceptable, for what only acceptance can show. */
  const welcome = fc.record(
    {
      redirect_uris: fc.subarray([HTTPS, 'http://localhost', 'cursor://x/y', 'com.example.app:/cb'], {
        minLength: 1,
      }),
      token_endpoint_auth_method: fc.constantFrom('client_secret_basic', 'client_secret_post', ''),
      token_endpoint_auth_methods_supported: fc.subarray([
        'client_secret_jwt',
        'client_secret_post',
        'private_key_jwt',
      ]),
      grant_types: fc
        .subarray(['refresh_token', 'client_credentials', 'implicit', 'urn:x'])
        .map((others) => [...others, 'authorization_code']),
      response_types: fc.constantFrom(['code', 'token'], ['code'], [], null),
      application_type: fc.constantFrom('web', 'native'),
      scope: fc.constantFrom('mcp:tools', 'openid', '', 'mcp:admin offline_access x mcp:admin'),
      client_name: fc.constantFrom(' Cafe\u0301 ', 'Client', null, ''),
      'client_name#fr': fc.constantFrom('Cafe\u0301', 'Client'),
      tos_uri: fc.constantFrom('https://a.example', 'http://a.example/#x', ''),
      contacts: fc.constantFrom(['a@a.example'], [], null),
      jwks: fc.constantFrom({ keys: [EC_KEY] }, null),
      organization_name: fc.constantFrom('Acme', '', 'Cafe\u0301'),
      post_logout_redirect_uris: fc.constantFrom([HTTPS], ['http://localhost'], [], null),
      require_pushed_authorization_requests: fc.constantFrom(true, false, null),
      dpop_bound_access_tokens: fc.constantFrom(true, false, null),
      authorization_details_types: fc.constantFrom(['payment'], [], null),
      tls_client_auth_san_dns: fc.constantFrom('a.example', null),
      token_endpoint_auth_signing_alg_values_supported: fc.subarray(['HS256', 'ES256']),
      cost_center: fc.jsonValue({ maxDepth: 2 }),
      unknown: fc.jsonValue({ maxDepth: 2 }),
    },
    { requiredKeys: ['redirect_uris'] },
  );
  const wild = fc.dictionary(
    fc.oneof(
      fc.constantFrom(...names),
      fc.constantFrom(...names).map((name) => `${name}#fr`),
      fc.string(),
    ),
    fc.oneof(fc.jsonValue(), fc.string({ unit: 'binary' }), fc.array(fc.string())),
  );
  const custom: CustomMetadataRules = { names: new Set(['cost_center']), validate: () => [] };
  const channel = fc.constantFrom('dynamic', 'document', 'managed') as fc.Arbitrary<ParseOptions['channel']>;

  it('never throws, and describes every refusal in ASCII', () => {
    fc.assert(
      fc.property(fc.oneof(plausible, wild), channel, (body, channel) => {
        const result = parseClientMetadata(body as JsonObject, parseOptions({}, { channel, custom }));
        const said = result.ok ? 'accepted' : result.rejection.description;
        expect(said).toMatch(/^[\x20\x21\x23-\x5b\x5d-\x7e]+$/);
      }),
      { numRuns: 1_000 },
    );
  });

  it('R-24 R-50 registers redirect URIs byte for byte, all or none', () => {
    fc.assert(
      fc.property(fc.oneof(plausible, welcome), channel, (body, channel) => {
        const result = parseClientMetadata(body as JsonObject, parseOptions({}, { channel, custom }));
        const asked = body.redirect_uris ?? [];
        expect(result.ok ? result.metadata.members.redirect_uris : asked).toEqual(asked);
      }),
      { numRuns: 1_000 },
    );
  });

  it('gives the same metadata again when it parses its own result', () => {
    fc.assert(
      fc.property(welcome, channel, (body, channel) => {
        const options = parseOptions({}, { channel, custom });
        const once = parseClientMetadata(body as JsonObject, options);
        fc.pre(once.ok);
        const { members, custom: kept } = once.metadata;
        const again = parseClientMetadata({ ...(members as JsonObject), ...kept }, options);
        expect(again).toMatchObject({ ok: true, ignored: [] });
        expect(again.ok && again.metadata).toEqual(once.metadata);
      }),
      { numRuns: 1_000 },
    );
  });

  it('P3 decides the same for an omitted member and for its default', () => {
    fc.assert(
      fc.property(welcome, (body) => {
        const scopes = ['mcp:tools', 'mcp:admin', 'offline_access', 'openid'];
        const options = parseOptions({ scopes }, { custom });
        const omitted = parseClientMetadata(body as JsonObject, options);
        fc.pre(omitted.ok);
        const { members } = omitted.metadata;
        const defaulted = METADATA_TABLE.filter((member) => member.default.kind !== 'none');
        expect(defaulted.map(({ name }) => name)).toContain('dpop_bound_access_tokens');
        for (const { name } of defaulted) {
          const spelled = parseClientMetadata(
            { ...body, [name]: members[name] as JsonValue } as JsonObject,
            options,
          );
          expect(spelled.ok && spelled.metadata).toEqual(omitted.metadata);
        }
      }),
      { numRuns: 500 },
    );
  });
});
