import fc from 'fast-check';
import type { JsonObject, JsonValue } from '../../src/contract/json.js';
import { EC_KEY } from './metadata-parsing.js';

/** Redirect URIs of every class that the default profile knows. */
export const REDIRECT_URIS = {
  allowed: [
    'http://127.0.0.1:8765/callback',
    'http://localhost/cb',
    'http://[::1]:1/cb',
    'https://claude.ai/api/mcp/auth_callback',
    'https://vscode.dev/redirect',
    'cursor://anysphere.cursor-mcp/oauth/callback',
  ],
  reviewed: ['https://reports.acme.example/cb', 'https://192.0.2.7/cb', 'com.acme.app:/cb', 'vscode://x/cb'],
  denied: ['https://evil.example/cb', 'https://app.evil.example/cb'],
} as const;

const web = fc.constantFrom(
  'https://acme.example/',
  'http://acme.example/logo.png',
  'https://evil.example/x',
  'https://app.evil.example/',
);
const redirectUri = fc.constantFrom(
  ...REDIRECT_URIS.allowed,
  ...REDIRECT_URIS.allowed,
  ...REDIRECT_URIS.reviewed,
  ...REDIRECT_URIS.denied,
);
const name = fc.constantFrom('Notes', 'Claude', 'Claude for you', 'Google', 'Kalender', 'App');

/** Registration bodies of which most are well-formed, and which the default profile allows, reviews and denies. */
export const registrationBody: fc.Arbitrary<JsonObject> = fc.record(
  {
    redirect_uris: fc.uniqueArray(redirectUri, { minLength: 1, maxLength: 3 }),
    token_endpoint_auth_method: fc.constantFrom(
      'none',
      'none',
      'client_secret_basic',
      'client_secret_post',
      'private_key_jwt',
    ),
    grant_types: fc
      .subarray(['refresh_token', 'client_credentials', 'implicit'])
      .map((others) => ['authorization_code', ...others]),
    response_types: fc.constantFrom<JsonValue[]>(['code'], ['code', 'token']),
    application_type: fc.constantFrom('web', 'native'),
    scope: fc.constantFrom('mcp:tools', 'mcp:tools offline_access', 'offline_access unheard-of'),
    client_name: name,
    'client_name#de': name,
    client_uri: web,
    logo_uri: web,
    tos_uri: web,
    policy_uri: web,
    contacts: fc.constantFrom<JsonValue[]>(['ops@acme.example'], []),
    jwks: fc.constant({ keys: [EC_KEY] }),
    software_id: fc.constantFrom('acme-notes', '2e6dc280-f3c3-4e01-99a7-8181dbd1d23d'),
    software_version: fc.constantFrom('1', '2.0'),
  },
  { requiredKeys: ['redirect_uris'] },
);

const scalar = fc.oneof(
  fc.boolean(),
  fc.integer(),
  fc.constantFrom('admin', 'trusted', 'active', 'https://acme.example/', 'c_AAAAAAAAAAAAAAAAAAAAAA', ''),
  fc.constant(null),
);
const anyValue: fc.Arbitrary<JsonValue> = fc.oneof(
  scalar,
  fc.array(scalar, { maxLength: 3 }),
  fc.dictionary(fc.constantFrom('trust', 'kind', 'scopes'), scalar),
);

/** Members that nobody may set, with whatever value: the directory's own, the policy's, and invented ones. */
export const foreignMembers: fc.Arbitrary<JsonObject> = fc
  .uniqueArray(
    fc.constantFrom(
      'realm',
      'status',
      'trust',
      'holds',
      'constraints',
      'obligations',
      'channel',
      'skip_consent',
      'verified_host',
      'initial_access_token',
      'decision',
      'expires_at',
      'secrets',
      'profile',
      'facts',
      'caller',
      'attributes',
      'service_account',
      'scope_ceiling',
      'client_id',
      'client_secret',
      'client_id_issued_at',
      'client_secret_expires_at',
      'registration_access_token',
      'registration_client_uri',
    ),
    { minLength: 1, maxLength: 6 },
  )
  .chain((names) => fc.record(Object.fromEntries(names.map((each) => [each, anyValue]))))
  .map((members): JsonObject => members);
