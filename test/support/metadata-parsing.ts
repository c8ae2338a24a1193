import type { JsonObject } from '../../src/contract/json.js';
import type { RegisteredMembers } from '../../src/domain/metadata/client-metadata.js';
import { NO_CUSTOM_METADATA } from '../../src/domain/metadata/custom-metadata-rules.js';
import { parseClientMetadata } from '../../src/domain/metadata/parse-client-metadata.js';
import type {
  ParseOptions,
  ParsedMetadata,
  ServerCapabilities,
} from '../../src/domain/metadata/parse-options.js';

/** What the default realm can do, as far as parsing is concerned. */
export const SERVER: ServerCapabilities = {
  grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
  response_types: ['code'],
  token_endpoint_auth_methods: ['none', 'client_secret_basic', 'client_secret_post', 'private_key_jwt'],
  scopes: ['mcp:tools', 'mcp:admin', 'offline_access'],
  default_scopes: ['mcp:tools'],
  authorization_details_types: [],
  dotless_schemes: ['cursor', 'vscode', 'vscode-insiders', 'claude'],
};

/** Parse options with the server's capabilities changed where a test needs it. */
export function parseOptions(
  changes: Partial<ServerCapabilities> = {},
  rest: Partial<ParseOptions> = {},
): ParseOptions {
  return { channel: 'dynamic', custom: NO_CUSTOM_METADATA, ...rest, server: { ...SERVER, ...changes } };
}

/** What every client is registered with unless it asks for more. */
export const SWITCHED_OFF = {
  require_pushed_authorization_requests: false,
  require_signed_request_object: false,
  dpop_bound_access_tokens: false,
  tls_client_certificate_bound_access_tokens: false,
};

/** A redirect URI that nobody objects to. */
export const HTTPS = 'https://a.example/cb';

/** A key of the right form. */
export const EC_KEY = { kty: 'EC', crv: 'P-256', x: 'A'.repeat(43), y: 'A'.repeat(43) };

/** The result for a body that must be accepted. */
export function parsed(body: JsonObject, options: ParseOptions = parseOptions()): ParsedMetadata {
  const result = parseClientMetadata(body, options);
  if (!result.ok) throw new Error(result.rejection.description);
  return result;
}

/** The registered members of a client that has one redirect URI unless the body says otherwise. */
export function members(body: JsonObject, options?: ParseOptions): RegisteredMembers {
  return parsed({ redirect_uris: [HTTPS], ...body }, options).metadata.members;
}

/** `error: reason field` of the refusal, or null for a body that is accepted. */
export function refusal(body: JsonObject, options: ParseOptions = parseOptions()): string | null {
  const result = parseClientMetadata(body, options);
  return result.ok ? null : `${result.rejection.error}: ${result.rejection.reason} ${result.rejection.field}`;
}

/** The same for a client that has one redirect URI unless the body says otherwise. */
export function refusalOf(body: JsonObject, options?: ParseOptions): string | null {
  return refusal({ redirect_uris: [HTTPS], ...body }, options);
}
