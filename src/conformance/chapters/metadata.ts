import type { Chapter, ConformanceTest } from '../conformance-test.js';
import { isJsonAnswer, type Exchange, type JsonObject } from '../http/exchange.js';
import { NotApplicable, expectThat } from '../outcome.js';
import { isLoopback, listOf, type Server } from '../server/discover.js';
import { shown } from './expectations.js';

/** A test of the published metadata: it sends nothing. */
const ofMetadata = (
  test: Omit<ConformanceTest, 'profiles' | 'run'>,
  examine: (server: Server & { readonly discovery: Exchange }, metadata: JsonObject) => void,
): ConformanceTest => ({
  ...test,
  profiles: ['mcp'],
  async run({ server, exchanges }) {
    const { discovery } = server;
    if (discovery === null) throw new NotApplicable('the server publishes no metadata: see A-01');
    exchanges.push(discovery);
    examine({ ...server, discovery }, server.metadata);
  },
});

/** Methods that need `token_endpoint_auth_signing_alg_values_supported`, RFC 8414 section 2. */
const JWT_METHODS = ['private_key_jwt', 'client_secret_jwt'];

export const metadata: Chapter = {
  title: 'Published metadata',
  tests: [
    {
      id: 'A-01',
      level: 'MUST',
      title: 'the metadata is served as JSON where MCP clients look for it',
      profiles: ['mcp'],
      reference: 'MCP authorization, authorization server metadata discovery; RFC 8414 section 3',
      rule: 'MCP authorization servers MUST provide at least one of OAuth 2.0 Authorization Server Metadata (RFC 8414) and OpenID Connect Discovery 1.0.',
      async run({ server: { discovery }, exchanges }) {
        expectThat(discovery !== null, 'there is a metadata document', 'there is none');
        exchanges.push(discovery);
        expectThat(
          isJsonAnswer(discovery),
          'its content type is application/json',
          `it is ${shown(discovery.headers.get('content-type') ?? undefined)}`,
          discovery,
        );
      },
    },
    ofMetadata(
      {
        id: 'A-02',
        level: 'MUST',
        title: 'issuer is the issuer that was asked for',
        reference: 'RFC 8414 section 3.3',
        rule: 'The "issuer" value returned MUST be identical to the authorization server\'s issuer identifier value into which the well-known URI string was inserted.',
      },
      ({ issuer, discovery }, { issuer: published }) => {
        expectThat(
          published === issuer,
          `issuer is ${shown(issuer)}`,
          `it is ${shown(published)}`,
          discovery,
        );
      },
    ),
    ofMetadata(
      {
        id: 'A-02-https',
        level: 'MUST',
        title: 'issuer is an https URL without query and fragment',
        reference: 'RFC 8414 section 2',
        rule: 'The authorization server\'s issuer identifier is a URL that uses the "https" scheme and has no query or fragment components.',
      },
      ({ discovery }, { issuer }) => {
        expectThat(
          typeof issuer === 'string' &&
            URL.canParse(issuer) &&
            (issuer.startsWith('https://') || isLoopback(issuer)) &&
            !/[?#]/.test(issuer),
          'issuer is such a URL',
          `it is ${shown(issuer)}`,
          discovery,
        );
      },
    ),
    ofMetadata(
      {
        id: 'A-03',
        level: 'MUST',
        title: 'the endpoints and response types are there',
        reference: 'RFC 8414 section 2',
        rule: 'response_types_supported is REQUIRED; authorization_endpoint and token_endpoint are REQUIRED unless no supported grant type uses them.',
      },
      ({ discovery }, document) => {
        for (const name of ['authorization_endpoint', 'token_endpoint']) {
          expectThat(
            typeof document[name] === 'string' && URL.canParse(document[name]),
            `${name} is a URL`,
            `it is ${shown(document[name])}`,
            discovery,
          );
        }
        const { response_types_supported: types } = document;
        expectThat(
          Array.isArray(types) && types.includes('code'),
          'response_types_supported holds code',
          `it is ${shown(types)}`,
          discovery,
        );
      },
    ),
    ofMetadata(
      {
        id: 'A-03-empty',
        level: 'MUST',
        title: 'no member is an empty list',
        reference: 'RFC 8414 section 3.2',
        rule: 'Claims with zero elements MUST be omitted from the response.',
      },
      ({ discovery }, document) => {
        const empty = Object.keys(document).filter(
          (name) => Array.isArray(document[name]) && (document[name] as unknown[]).length === 0,
        );
        expectThat(empty.length === 0, 'lists have elements', `empty: ${empty.join(', ')}`, discovery);
      },
    ),
    ofMetadata(
      {
        id: 'A-04',
        level: 'MUST',
        title: 'who takes signed assertions says with which algorithms, and none is not among them',
        reference: 'RFC 8414 section 2',
        rule: 'token_endpoint_auth_signing_alg_values_supported MUST be present if private_key_jwt or client_secret_jwt is supported. The value "none" MUST NOT be used.',
      },
      (server, _document) => {
        const methods = listOf(server, 'token_endpoint_auth_methods_supported') ?? [];
        if (!methods.some((method) => JWT_METHODS.includes(method)))
          throw new NotApplicable('the server takes no signed assertions');
        const algorithms = listOf(server, 'token_endpoint_auth_signing_alg_values_supported');
        expectThat(
          algorithms !== undefined && algorithms.length > 0 && !algorithms.includes('none'),
          'token_endpoint_auth_signing_alg_values_supported lists algorithms, without none',
          `it is ${shown(algorithms)}`,
          server.discovery,
        );
      },
    ),
    ofMetadata(
      {
        id: 'A-05',
        level: 'MUST',
        title: 'PKCE with S256 is advertised',
        reference: 'MCP authorization, authorization code protection; RFC 8414 section 2',
        rule: 'MCP clients MUST verify PKCE support: if code_challenge_methods_supported is absent they MUST refuse to proceed, and they use S256.',
      },
      (server) => {
        const methods = listOf(server, 'code_challenge_methods_supported');
        expectThat(
          methods?.includes('S256'),
          'code_challenge_methods_supported holds S256',
          `it is ${shown(methods)}`,
          server.discovery,
        );
      },
    ),
    ofMetadata(
      {
        id: 'A-06',
        level: 'SHOULD',
        title: 'iss in authorization responses is advertised',
        reference: 'MCP authorization; RFC 9207 section 3',
        rule: 'Authorization servers SHOULD include iss in authorization responses, and say so with authorization_response_iss_parameter_supported.',
      },
      ({ discovery }, document) => {
        const { authorization_response_iss_parameter_supported: supported } = document;
        expectThat(
          supported === true,
          'authorization_response_iss_parameter_supported is true',
          `it is ${shown(supported)}`,
          discovery,
        );
      },
    ),
    ofMetadata(
      {
        id: 'D-8',
        level: 'SHOULD',
        title: 'clients without a secret are offered: none',
        reference: 'MCP authorization; RFC 8414 section 2',
        rule: 'MCP clients are public clients in general. Without "none" in token_endpoint_auth_methods_supported, whose default is client_secret_basic, they find no method of their own.',
      },
      (server) => {
        const methods = listOf(server, 'token_endpoint_auth_methods_supported');
        expectThat(
          methods?.includes('none'),
          'token_endpoint_auth_methods_supported holds none',
          `it is ${shown(methods)}`,
          server.discovery,
        );
      },
    ),
  ],
};
