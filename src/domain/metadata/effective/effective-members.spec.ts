import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../contract/json.js';
import {
  EC_KEY,
  HTTPS,
  members,
  parsed,
  parseOptions,
  refusal,
  refusalOf,
  SERVER,
  SWITCHED_OFF,
} from '../../../../test/support/metadata-parsing.js';

const machine = { grant_types: ['client_credentials'] };

describe('defaults', () => {
  it('R-20 R-21 R-25 R-26 registers every default of a client that names only its redirect', () => {
    expect(parsed({ redirect_uris: [HTTPS] })).toEqual({
      ok: true,
      metadata: {
        members: {
          redirect_uris: [HTTPS],
          token_endpoint_auth_method: 'client_secret_basic',
          grant_types: ['authorization_code'],
          response_types: ['code'],
          application_type: 'web',
          scope: 'mcp:tools',
          ...SWITCHED_OFF,
        },
        custom: {},
      },
      declared: ['redirect_uris'],
      ignored: [],
      custom_errors: [],
    });
  });

  it('R-22 registers no response type without a redirect grant', () => {
    expect(parsed(machine).metadata.members).toMatchObject({ redirect_uris: [], response_types: [] });
  });

  it('C-22 defaults a metadata document to none', () => {
    expect(members({}, parseOptions({}, { channel: 'document' })).token_endpoint_auth_method).toBe('none');
  });

  it('T-01 keeps the default method inside what the server supports', () => {
    const only = (...token_endpoint_auth_methods: string[]) => parseOptions({ token_endpoint_auth_methods });
    expect(members({}, only('none', 'client_secret_post')).token_endpoint_auth_method).toBe(
      'client_secret_post',
    );
    expect(members({}, only('private_key_jwt', 'none')).token_endpoint_auth_method).toBe('none');
    expect(
      members({ jwks_uri: 'https://a.example/jwks' }, only('private_key_jwt', 'none'))
        .token_endpoint_auth_method,
    ).toBe('private_key_jwt');
    expect(refusalOf({}, only('tls_client_auth'))).toBe(
      'invalid_client_metadata: authentication_method_unsupported token_endpoint_auth_method',
    );
  });

  it('T-01 refuses a default grant type that the server does not have', () => {
    expect(refusal({}, parseOptions({ grant_types: ['client_credentials'] }))).toBe(
      'invalid_client_metadata: grant_types_unsupported grant_types',
    );
  });

  it.each([
    ['web', [HTTPS]],
    ['native', ['http://127.0.0.1/cb']],
    ['native', ['http://localhost:1/cb']],
    ['native', ['http://[::1]/cb', HTTPS]],
    ['native', [HTTPS, 'com.example.app:/cb']],
    ['native', ['cursor://x/cb']],
  ])('R-26 infers %s from %j', (application_type, redirect_uris) => {
    expect(members({ redirect_uris }).application_type).toBe(application_type);
  });
});

describe('narrowing', () => {
  it('R-23 R-32 R-33 registers the supported subset in the order asked', () => {
    const asked = [
      'refresh_token',
      'password',
      'authorization_code',
      'implicit',
      'urn:example:grant',
      'refresh_token',
    ];
    expect(members({ grant_types: asked }).grant_types).toEqual(['refresh_token', 'authorization_code']);
    expect(members({ response_types: ['code id_token', 'code', 'token'] }).response_types).toEqual(['code']);
  });

  it('R-33 takes an extension grant that is configured', () => {
    const grant = 'urn:ietf:params:oauth:grant-type:token-exchange';
    const options = parseOptions({ grant_types: [...SERVER.grant_types, grant] });
    expect(parsed({ grant_types: [grant] }, options).metadata.members.grant_types).toEqual([grant]);
  });

  it.each([
    [['implicit']],
    [['password']],
    [['urn:example:grant']],
    [['implicit', 'password']],
    [['refresh_token']],
  ])('R-23 R-32 refuses %j, of which nothing usable remains', (grant_types) => {
    expect(refusalOf({ grant_types })).toBe('invalid_client_metadata: grant_types_unsupported grant_types');
  });

  it('R-23 refuses response types of which none is supported', () => {
    expect(refusalOf({ response_types: ['token'] })).toBe(
      'invalid_client_metadata: response_types_unsupported response_types',
    );
  });

  it.each([
    ['keeps what the realm knows', 'mcp:admin mcp:tools', 'mcp:admin mcp:tools'],
    ['drops what it does not', 'openid mcp:tools email', 'mcp:tools'],
    ['drops repetitions and stray spaces', ' mcp:tools  mcp:tools ', 'mcp:tools'],
    ['takes the defaults where nothing remains', 'openid email', 'mcp:tools'],
    ['takes the defaults for an empty scope', '', 'mcp:tools'],
    ['compares exactly', 'MCP:TOOLS mcp', 'mcp:tools'],
  ])('R-25 %s', (_, scope, expected) => {
    expect(members({ scope }).scope).toBe(expected);
  });
});

describe('members against one another', () => {
  it.each([
    ['code without authorization_code', { response_types: ['code'], ...machine }],
    [
      'code beside refresh and client credentials',
      { response_types: ['code'], grant_types: ['client_credentials', 'refresh_token'] },
    ],
  ])('R-30 refuses %s', (_, body) => {
    expect(refusalOf(body)).toBe('invalid_client_metadata: response_types_inconsistent response_types');
  });

  it('R-30 refuses authorization_code without a response type that gives a code', () => {
    const options = parseOptions({
      grant_types: ['authorization_code', 'implicit'],
      response_types: ['code', 'token'],
    });
    const body = { grant_types: ['authorization_code', 'implicit'], response_types: ['token'] };
    expect(refusalOf(body, options)).toBe(
      'invalid_client_metadata: response_types_inconsistent response_types',
    );
  });

  it('R-31 refuses client_credentials without authentication', () => {
    const conflict = 'invalid_client_metadata: authentication_method_conflict token_endpoint_auth_method';
    expect(refusal({ ...machine, token_endpoint_auth_method: 'none' })).toBe(conflict);
    expect(
      refusalOf({
        grant_types: ['authorization_code', 'client_credentials'],
        token_endpoint_auth_method: 'none',
      }),
    ).toBe(conflict);
    expect(refusal({ ...machine, token_endpoint_auth_methods_supported: ['none'] })).toBe(conflict);
    expect(refusal(machine, parseOptions({}, { channel: 'document' }))).toBe(conflict);
    expect(refusal(machine)).toBeNull();
  });

  it('R-40 refuses a redirect grant without redirect URIs', () => {
    const missing = 'invalid_redirect_uri: redirect_uris_missing redirect_uris';
    for (const body of [
      {},
      { redirect_uris: [] },
      { redirect_uris: null },
      { redirect_uris: '' },
    ] as JsonObject[]) {
      expect(refusal(body)).toBe(missing);
    }
    expect(refusal({ grant_types: ['authorization_code', 'client_credentials'] })).toBe(missing);
  });

  it('R-40 lets a client-credentials-only client have redirect URIs, and judges them', () => {
    expect(members(machine).redirect_uris).toEqual([HTTPS]);
    expect(refusal({ ...machine, redirect_uris: ['javascript:alert(1)'] })).toContain('uri_scheme_refused');
  });

  it('R-45 takes https for native and loopback or private-use for web', () => {
    expect(members({ application_type: 'native' }).application_type).toBe('native');
    const redirect_uris = ['http://localhost/cb', 'cursor://x/cb'];
    expect(members({ application_type: 'web', redirect_uris }).application_type).toBe('web');
    expect(refusalOf({ application_type: 'service' })).toBe(
      'invalid_client_metadata: value_unsupported application_type',
    );
  });

  it('R-45 keeps tokens of the implicit grant off localhost and plain http', () => {
    const options = parseOptions({ grant_types: ['implicit'], response_types: ['token'] });
    const implicit = (redirect: string, application_type = 'web') =>
      refusal(
        {
          redirect_uris: [redirect],
          grant_types: ['implicit'],
          application_type,
          token_endpoint_auth_method: 'none',
        },
        options,
      );
    expect(implicit(HTTPS)).toBeNull();
    expect(implicit('http://localhost/cb', 'native')).toBeNull();
    for (const redirect of [
      'https://localhost/cb',
      'http://localhost/cb',
      'http://127.0.0.1/cb',
      'com.example.app:/cb',
    ]) {
      expect(implicit(redirect)).toBe('invalid_redirect_uri: implicit_redirect_refused redirect_uris');
    }
  });

  it('R-51 refuses keys by value and by reference together', () => {
    expect(refusalOf({ jwks: { keys: [EC_KEY] }, jwks_uri: 'https://a.example/jwks' })).toBe(
      'invalid_client_metadata: key_source_conflict jwks',
    );
  });

  it('R-52 demands a key source for private_key_jwt and self_signed_tls_client_auth', () => {
    const options = parseOptions({
      token_endpoint_auth_methods: ['private_key_jwt', 'self_signed_tls_client_auth'],
    });
    for (const token_endpoint_auth_method of ['private_key_jwt', 'self_signed_tls_client_auth']) {
      expect(refusalOf({ token_endpoint_auth_method }, options)).toBe(
        'invalid_client_metadata: key_source_missing token_endpoint_auth_method',
      );
      expect(refusalOf({ token_endpoint_auth_method, jwks: { keys: [EC_KEY] } }, options)).toBeNull();
      expect(
        refusalOf({ token_endpoint_auth_method, jwks_uri: 'https://a.example/jwks' }, options),
      ).toBeNull();
    }
  });

  it.each(['none', 'HS256', 'HS512', 'RSA-OAEP', 'es256'])(
    'R-52 refuses assertions signed with %s',
    (alg) => {
      const body = { token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [EC_KEY] } };
      expect(refusalOf({ ...body, token_endpoint_auth_signing_alg: alg })).toBe(
        'invalid_client_metadata: value_unsupported token_endpoint_auth_signing_alg',
      );
    },
  );

  it('R-53 keeps an accepted key as sent', () => {
    const jwks = { keys: [{ ...EC_KEY, kid: 'k', x5t: 'unknown here' }] };
    expect(members({ jwks })['jwks']).toEqual(jwks);
    expect(refusalOf({ jwks: { keys: [{ ...EC_KEY, d: 'AAAA' }] } })).toBe(
      'invalid_client_metadata: keys_private jwks',
    );
  });

  it.each([
    ['http://a.example/jwks', 'uri_not_https'],
    ['data:application/json,{}', 'uri_not_https'],
    ['https://user@a.example/jwks', 'uri_with_userinfo'],
    ['https://a.example/jwks#k', 'uri_with_fragment'],
    ['https://192.0.2.1/jwks', 'uri_host_is_ip_address'],
    ['https://[2001:db8::1]/jwks', 'uri_host_is_ip_address'],
    ['https://0x7f.1/jwks', 'uri_not_canonical'],
    ['jwks', 'uri_malformed'],
  ])('R-54 refuses the jwks_uri %s', (jwks_uri, fault) => {
    expect(refusalOf({ jwks_uri })).toBe(`invalid_client_metadata: ${fault} jwks_uri`);
  });

  it.each([
    ['javascript:alert(1)', 'uri_scheme_refused'],
    ['data:image/png;base64,AAAA', 'uri_scheme_refused'],
    ['com.example.app:/x', 'uri_scheme_refused'],
    ['https://user@a.example/', 'uri_with_userinfo'],
    ['not a url', 'uri_not_ascii'],
    ['/relative', 'uri_malformed'],
    ['https://a.example/#a#b', 'uri_malformed'],
    ['https://a.example/#[x]', 'uri_malformed'],
  ])('R-101 C-16 refuses %s as a page of any kind', (uri, fault) => {
    for (const name of ['client_uri', 'logo_uri', 'tos_uri', 'policy_uri', 'tos_uri#fr']) {
      for (const channel of ['dynamic', 'document', 'managed'] as const) {
        expect(refusalOf({ [name]: uri }, parseOptions({}, { channel }))).toBe(
          `invalid_client_metadata: ${fault} ${name}`,
        );
      }
    }
  });

  it('R-101 takes http and fragments in pages', () => {
    expect(members({ tos_uri: 'http://a.example/legal#terms' })['tos_uri']).toBe(
      'http://a.example/legal#terms',
    );
  });
});

describe('authentication methods', () => {
  it('R-57 refuses a method that is not supported, whatever else there is', () => {
    const unsupported =
      'invalid_client_metadata: authentication_method_unsupported token_endpoint_auth_method';
    for (const token_endpoint_auth_method of [
      'client_secret_jwt',
      'tls_client_auth',
      'NONE',
      'constructor',
    ]) {
      expect(refusalOf({ token_endpoint_auth_method })).toBe(unsupported);
    }
    expect(refusalOf({ token_endpoint_auth_methods_supported: ['client_secret_jwt'] })).toBe(unsupported);
  });

  it.each([
    ['the first choice', {}, ['none', 'client_secret_post'], 'none'],
    [
      'the first supported choice',
      {},
      ['client_secret_jwt', 'client_secret_post', 'none'],
      'client_secret_post',
    ],
    ['the first usable choice', {}, ['private_key_jwt', 'none'], 'none'],
    [
      'the choice that has its keys',
      { jwks: { keys: [EC_KEY] } },
      ['private_key_jwt', 'none'],
      'private_key_jwt',
    ],
    [
      'the single value before the choices',
      { token_endpoint_auth_method: 'client_secret_post' },
      ['none'],
      'client_secret_post',
    ],
    [
      'a choice in the place of an unsupported value',
      { token_endpoint_auth_method: 'client_secret_jwt' },
      ['none'],
      'none',
    ],
    ['for a machine what a machine can use', machine, ['none', 'client_secret_basic'], 'client_secret_basic'],
  ] as [string, JsonObject, string[], string][])('R-58 picks %s', (_, body, choices, chosen) => {
    const result = members({ ...body, token_endpoint_auth_methods_supported: choices });
    expect(result.token_endpoint_auth_method).toBe(chosen);
    expect(result).not.toHaveProperty('token_endpoint_auth_methods_supported');
  });

  it('R-58 tells that choices were declared', () => {
    const body = { redirect_uris: [HTTPS], token_endpoint_auth_methods_supported: ['none'] };
    expect(parsed(body).declared).toEqual(['redirect_uris', 'token_endpoint_auth_methods_supported']);
  });

  it('C-21 gives a metadata document no shared secret', () => {
    const document = parseOptions({}, { channel: 'document' });
    for (const token_endpoint_auth_method of [
      'client_secret_basic',
      'client_secret_post',
      'client_secret_jwt',
    ]) {
      expect(refusalOf({ token_endpoint_auth_method }, document)).toContain(
        'authentication_method_unsupported',
      );
    }
    for (const [name, value] of [
      ['client_secret', 'x'],
      ['client_secret_expires_at', 0],
    ] as const) {
      expect(refusalOf({ [name]: value }, document)).toBe(`invalid_client_metadata: member_refused ${name}`);
    }
    expect(refusalOf({ client_id: 'https://a.example/client', client_secret: null }, document)).toBeNull();
  });
});
