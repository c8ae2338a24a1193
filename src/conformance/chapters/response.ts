import type { Chapter } from '../conformance-test.js';
import { headerHas, isJsonAnswer, statusOf } from '../http/exchange.js';
import { applicableIf, expectThat } from '../outcome.js';
import { secretMethodOf } from '../server/client-bodies.js';
import { isLoopback, listOf } from '../server/discover.js';
import { isRefusal, sameJson, shown } from './expectations.js';
import { valueFaults } from './member-types.js';

/** Characters that RFC 6749 appendix A.1 and A.2 allow in identifiers and secrets. */
const VSCHAR = /^[\x20-\x7e]+$/;
/** Later than any date in seconds that a server means, earlier than any in milliseconds. */
const SECONDS_LIMIT = 100_000_000_000;
const isSeconds = (value: unknown): value is number =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) < SECONDS_LIMIT;

export const response: Chapter = {
  title: 'Registration response',
  tests: [
    {
      id: 'R-61',
      level: 'MUST',
      title: 'the answer is 201 with a client_id, as application/json',
      profiles: ['rfc7591', 'mcp'],
      reference: 'RFC 7591 section 3.2.1',
      rule: 'The successful registration response uses an HTTP 201 Created status code with a body of type "application/json"; client_id is REQUIRED.',
      async run(context) {
        const { exchange, clientId } = await context.shared('any');
        expectThat(exchange.status === 201, 'the status is 201', statusOf(exchange), exchange);
        expectThat(
          isJsonAnswer(exchange),
          'the content type is application/json',
          `it is ${shown(exchange.headers.get('content-type') ?? undefined)}`,
          exchange,
        );
        expectThat(clientId !== '', 'client_id is a string', 'it is missing or empty', exchange);
      },
    },
    {
      id: 'R-61-echo',
      level: 'SHOULD',
      title: 'what describes the client comes back',
      profiles: ['rfc7591'],
      reference: 'RFC 7591 section 3.2.1',
      rule: 'The authorization server MUST return all registered metadata about this client. Which members a server registers is its own affair; these are common.',
      async run(context) {
        const described = {
          client_name: 'Conformance test',
          client_uri: 'https://client.example.org/',
          contacts: ['conformance@client.example.org'],
        };
        const client = await context.registered(context.body(described));
        const lost = Object.entries(described).filter(
          ([name, value]) => !sameJson(client.answer[name], value),
        );
        expectThat(
          lost.length === 0,
          `${Object.keys(described).join(', ')} come back as they were sent`,
          lost.map(([name]) => `${name} is ${shown(client.answer[name])}`).join(', '),
          client.exchange,
        );
      },
    },
    {
      id: 'R-61-types',
      level: 'MUST',
      title: 'each member of the answer has the JSON type that it is defined with',
      profiles: ['rfc7591', 'mcp'],
      reference: 'RFC 7591 section 2',
      rule: 'All data member types (strings, arrays, numbers) are defined in terms of their JSON representations.',
      async run(context) {
        for (const kind of ['any', 'confidential'] as const) {
          if (kind === 'confidential' && secretMethodOf(context.server) === undefined) continue;
          const { answer, exchange } = await context.shared(kind);
          const faults = valueFaults(answer);
          expectThat(faults.length === 0, 'members have their types', faults.join(', '), exchange);
        }
      },
    },
    {
      id: 'T-01',
      level: 'MUST',
      title: 'no member of the answer is null',
      profiles: ['rfc7591', 'mcp'],
      reference: 'RFC 7591 section 2',
      rule: 'All data member types (strings, arrays, numbers) are defined in terms of their JSON representations; null is none of them, and clients with strict readers fail on it.',
      async run(context) {
        const { answer, exchange } = await context.shared('any');
        const nulls = Object.keys(answer).filter((name) => answer[name] === null);
        expectThat(
          nulls.length === 0,
          'what is not registered is left out',
          `null: ${nulls.join(', ')}`,
          exchange,
        );
      },
    },
    {
      id: 'R-20',
      level: 'MUST',
      title: 'a client that names no authentication method gets client_secret_basic, and a secret',
      profiles: ['rfc7591'],
      reference: 'RFC 7591 sections 2 and 3.2.1',
      rule: 'If unspecified or omitted, the default is "client_secret_basic". Section 3.2.1: The authorization server MUST return all registered metadata about this client, including any fields provisioned by the authorization server itself.',
      async run(context) {
        const { token_endpoint_auth_method: _, ...body } = context.body();
        const client = await context.registered(body);
        const method = client.answer['token_endpoint_auth_method'];
        const offered = listOf(context.server, 'token_endpoint_auth_methods_supported') ?? [
          'client_secret_basic',
        ];
        const replaced = !offered.includes('client_secret_basic') && offered.includes(String(method));
        expectThat(
          method === 'client_secret_basic' || replaced,
          'token_endpoint_auth_method is client_secret_basic, or what the server offers instead',
          `it is ${shown(method)}`,
          client.exchange,
        );
        expectThat(
          !String(method).startsWith('client_secret_') || client.secret !== undefined,
          'the client gets a client_secret',
          'there is none',
          client.exchange,
        );
      },
    },
    {
      id: 'R-21',
      level: 'MUST',
      title: 'grant types and response types that were left out come back with their defaults',
      profiles: ['rfc7591', 'mcp'],
      reference: 'RFC 7591 sections 2 and 3.2.1',
      rule: 'If omitted, the default is the authorization_code grant type, and the code response type. The authorization server MUST return all registered metadata about this client, including any fields provisioned by the authorization server itself.',
      async run(context) {
        const { grant_types: _, response_types: __, ...body } = context.body();
        const { answer, exchange } = await context.registered(body);
        const { grant_types: grants, response_types: responses } = answer;
        expectThat(
          Array.isArray(grants) && grants.includes('authorization_code'),
          'grant_types holds authorization_code',
          `it is ${shown(grants)}`,
          exchange,
        );
        expectThat(
          Array.isArray(responses) && responses.includes('code'),
          'response_types holds code',
          `it is ${shown(responses)}`,
          exchange,
        );
      },
    },
    {
      id: 'R-23',
      level: 'SHOULD',
      title: 'a grant type that the server does not offer is refused or left out',
      profiles: ['rfc7591'],
      reference: 'RFC 7591 section 3.2.1',
      rule: 'The authorization server MAY reject or replace any of the requested metadata values; the client information response shows what was registered.',
      async run(context) {
        const unknown = 'urn:example:conformance:grant';
        const exchange = await context.register(
          context.body({ grant_types: ['authorization_code', unknown] }),
        );
        const grants = context.clientOf(exchange)?.answer['grant_types'];
        expectThat(
          isRefusal(exchange) || !(Array.isArray(grants) && grants.includes(unknown)),
          `${unknown} is not among the registered grant types`,
          `grant_types is ${shown(grants)}`,
          exchange,
        );
      },
    },
    {
      id: 'R-62',
      level: 'MUST',
      title: 'an answer with credentials is not stored by caches',
      profiles: ['rfc7591', 'mcp'],
      reference: 'RFC 6749 section 5.1; RFC 7591 section 3.2.1',
      rule: 'The authorization server MUST include Cache-Control: no-store in any response containing tokens, credentials, or other sensitive information.',
      async run(context) {
        const kind = secretMethodOf(context.server) === undefined ? 'any' : 'confidential';
        const { exchange } = await context.shared(kind);
        expectThat(
          headerHas(exchange, 'cache-control', 'no-store'),
          'Cache-Control holds no-store',
          `it is ${shown(exchange.headers.get('cache-control') ?? undefined)}`,
          exchange,
        );
      },
    },
    {
      id: 'R-64',
      level: 'MUST',
      title: 'client_id_issued_at, where there is one, counts seconds',
      profiles: ['rfc7591', 'mcp'],
      reference: 'RFC 7591 section 3.2.1',
      rule: 'client_id_issued_at: the time is represented as the number of seconds from 1970-01-01T00:00:00Z as measured in UTC.',
      async run(context) {
        const { answer, exchange } = await context.shared('any');
        const at = answer['client_id_issued_at'];
        applicableIf(at !== undefined, 'the server sends no client_id_issued_at');
        expectThat(
          isSeconds(at),
          'client_id_issued_at is a number of seconds',
          `it is ${shown(at)}`,
          exchange,
        );
      },
    },
    {
      id: 'R-66',
      level: 'MUST',
      title: 'identifiers and secrets are made of printable ASCII characters',
      profiles: ['rfc7591'],
      reference: 'RFC 6749 appendices A.1 and A.2',
      rule: 'client-id = *VSCHAR and client-secret = *VSCHAR',
      async run(context) {
        const kind = secretMethodOf(context.server) === undefined ? 'any' : 'confidential';
        const { clientId, secret, exchange } = await context.shared(kind);
        expectThat(
          VSCHAR.test(clientId) && (secret === undefined || VSCHAR.test(secret)),
          'client_id and client_secret are printable ASCII',
          'one of them is not',
          exchange,
        );
      },
    },
    {
      id: 'R-65-id',
      level: 'SHOULD',
      title: 'two clients get two identifiers',
      profiles: ['rfc7591'],
      reference: 'RFC 7591 section 3.2.1',
      rule: 'client_id SHOULD NOT be currently valid for any other registered client.',
      async run(context) {
        const first = await context.shared('any');
        const second = await context.registered(
          context.body({
            client_name: 'Another conformance test',
            redirect_uris: [`${context.redirectUri}/other`],
          }),
        );
        expectThat(
          first.clientId !== second.clientId,
          'the identifiers differ',
          `both are ${first.clientId}`,
          second.exchange,
        );
      },
    },
    {
      id: 'R-68',
      level: 'MUST',
      title: 'registration_client_uri and registration_access_token come together or not at all',
      profiles: ['rfc7591', 'rfc7592'],
      reference: 'RFC 7592 section 3; OpenID Connect Dynamic Client Registration section 3.2',
      rule: 'registration_access_token: REQUIRED. registration_client_uri: REQUIRED, the fully qualified URL of the client configuration endpoint for this client.',
      async run(context) {
        const { answer, exchange } = await context.shared('any');
        const { registration_client_uri: uri, registration_access_token: token } = answer;
        applicableIf(uri !== undefined || token !== undefined, 'the server offers no management (RFC 7592)');
        expectThat(
          typeof token === 'string' && token !== '' && typeof uri === 'string',
          'both are strings',
          `registration_client_uri is ${shown(uri)}, registration_access_token ${typeof token === 'string' ? 'is there' : shown(token)}`,
          exchange,
        );
        expectThat(
          URL.canParse(uri) && (uri.startsWith('https://') || isLoopback(uri)),
          'registration_client_uri is a fully qualified https URL',
          `it is ${uri}`,
          exchange,
        );
      },
    },
  ],
};
