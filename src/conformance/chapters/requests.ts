import type { Chapter } from '../conformance-test.js';
import { headerHas, isJsonAnswer, statusOf } from '../http/exchange.js';
import { NotApplicable, applicableIf, expectThat } from '../outcome.js';
import { isLoopback } from '../server/discover.js';
import { expectErrorBody, expectRefusal, expectRegistered, isRefusal, shown } from './expectations.js';

/** A name that no server can know. */
const UNKNOWN = 'conformance_8c1f6c5e_unknown_member';

export const requests: Chapter = {
  title: 'Registration requests',
  tests: [
    {
      id: 'R-01',
      level: 'MUST',
      title: 'a JSON object sent with POST registers a client',
      profiles: ['rfc7591', 'mcp'],
      reference: 'RFC 7591 section 3.1',
      rule: 'The client registration endpoint MUST accept HTTP POST messages with request parameters encoded in the entity body using the "application/json" format.',
      async run(context) {
        expectRegistered(await context.register(context.body()), 'a client');
      },
    },
    {
      id: 'R-01-tls',
      level: 'MUST',
      title: 'the registration endpoint is protected by TLS',
      profiles: ['rfc7591'],
      reference: 'RFC 7591 section 3',
      rule: 'The client registration endpoint MUST be protected by a transport-layer security mechanism.',
      async run({ server: { registrationEndpoint } }) {
        applicableIf(
          !isLoopback(registrationEndpoint),
          'the server is on this machine, where nothing is sent',
        );
        expectThat(
          registrationEndpoint.startsWith('https:'),
          'the endpoint has an https address',
          `it is ${registrationEndpoint}`,
        );
      },
    },
    {
      id: 'R-03',
      level: 'SHOULD',
      title: 'a charset beside application/json does no harm',
      profiles: ['rfc7591', 'mcp'],
      reference: 'RFC 7591 section 3.1; RFC 8259 section 11',
      rule: 'application/json defines no charset parameter; adding one has no effect on recipients that comply.',
      async run(context) {
        const contentType = 'application/json; charset=utf-8';
        expectRegistered(await context.register(context.body(), { contentType }), 'a client');
      },
    },
    {
      id: 'R-03-form',
      level: 'SHOULD',
      title: 'a form is no registration request',
      profiles: ['rfc7591'],
      reference: 'RFC 7591 section 3.1',
      rule: 'Request parameters are encoded as application/json. A form can be posted by any web page without asking first.',
      async run(context) {
        const form = new URLSearchParams({ redirect_uris: context.redirectUri, client_name: 'A form' });
        const contentType = 'application/x-www-form-urlencoded';
        expectRefusal(await context.register(form.toString(), { contentType }), 'a form');
      },
    },
    {
      id: 'R-05',
      level: 'MUST',
      title: 'members that the server does not know are ignored, not refused',
      profiles: ['rfc7591', 'mcp'],
      reference: 'RFC 7591 section 2',
      rule: 'The authorization server MUST ignore any client metadata sent by the client that it does not understand.',
      async run(context) {
        const exchange = await context.register(context.body({ [UNKNOWN]: { any: ['value'] } }));
        expectRegistered(exchange, 'a client with an unknown member');
      },
    },
    {
      id: 'R-05-echo',
      level: 'SHOULD',
      title: 'what was ignored does not come back as registered',
      profiles: ['rfc7591'],
      reference: 'RFC 7591 sections 2 and 3.2.1',
      rule: 'The answer returns the registered metadata; unknown metadata is ignored, for instance by removing it from the registration record.',
      async run(context) {
        const client = context.clientOf(await context.register(context.body({ [UNKNOWN]: 'value' })));
        applicableIf(client, 'the server does not register the client: see R-05');
        expectThat(
          !(UNKNOWN in client.answer),
          'the unknown member is not among the registered metadata',
          `it came back as ${shown(client.answer[UNKNOWN])}`,
          client.exchange,
        );
      },
    },
    {
      id: 'R-07',
      level: 'MUST',
      title: 'a value of the wrong JSON type is never registered',
      profiles: ['rfc7591'],
      reference: 'RFC 7591 section 2',
      rule: 'All data member types (strings, arrays, numbers) are defined in terms of their JSON representations. Section 3.2.2: a metadata field with an invalid value is answered with an error; section 3.2.1: or replaced.',
      async run(context) {
        const wrong: Readonly<Record<string, unknown>> = {
          redirect_uris: context.redirectUri,
          grant_types: 'authorization_code',
          response_types: [7],
          token_endpoint_auth_method: ['none'],
          client_name: 42,
          scope: ['a', 'b'],
          contacts: 'somebody@example.org',
        };
        for (const [name, value] of Object.entries(wrong)) {
          const exchange = await context.register(context.body({ [name]: value }));
          const came = context.clientOf(exchange)?.answer[name];
          expectThat(
            isRefusal(exchange) || (exchange.status < 300 && !sameAs(came, value)),
            `${name}: ${shown(value)} is refused, replaced or left out`,
            exchange.status < 300 ? `it was registered as ${shown(came)}` : statusOf(exchange),
            exchange,
          );
        }
      },
    },
    {
      id: 'R-09',
      level: 'SHOULD',
      title: 'registration is open: no token is needed',
      profiles: ['rfc7591', 'mcp'],
      reference: 'RFC 7591 section 3.1',
      rule: 'To support open registration and facilitate wider interoperability, the client registration endpoint SHOULD allow registration requests with no authorization.',
      async run(context) {
        const exchange = await context.register(context.body(), { authorization: null });
        expectThat(
          exchange.status !== 401 && exchange.status !== 403,
          'a request without Authorization is processed',
          statusOf(exchange),
          exchange,
        );
      },
    },
    {
      id: 'R-10',
      level: 'MUST',
      title: 'who needs a token is told so',
      profiles: ['rfc7591'],
      reference: 'RFC 6750 section 3',
      rule: 'If the protected resource request does not include authentication credentials or does not contain an access token that enables access, the resource server MUST include the HTTP "WWW-Authenticate" response header field.',
      async run(context) {
        const exchange = await context.register(context.body(), { authorization: null });
        applicableIf(exchange.status === 401, 'registration here needs no token');
        expectThat(
          /^bearer\b/i.test(exchange.headers.get('www-authenticate') ?? ''),
          'the 401 carries WWW-Authenticate: Bearer',
          `WWW-Authenticate is ${shown(exchange.headers.get('www-authenticate') ?? undefined)}`,
          exchange,
        );
      },
    },
    {
      id: 'R-10-invalid',
      level: 'SHOULD',
      title: 'a wrong token is called invalid_token',
      profiles: ['rfc7591'],
      reference: 'RFC 6750 section 3.1',
      rule: 'The access token is expired, revoked, malformed, or invalid for other reasons: the resource SHOULD respond with 401 and the error code invalid_token.',
      async run(context) {
        const authorization = 'Bearer conformance-no-such-token';
        const exchange = await context.register(context.body(), { authorization });
        if (exchange.status < 300) throw new NotApplicable('registration here looks at no token');
        expectThat(
          exchange.status === 401 && /\binvalid_token\b/.test(exchange.headers.get('www-authenticate') ?? ''),
          'the answer is 401 with WWW-Authenticate: Bearer error="invalid_token"',
          `${statusOf(exchange)}, WWW-Authenticate ${shown(exchange.headers.get('www-authenticate') ?? undefined)}`,
          exchange,
        );
      },
    },
    {
      id: 'R-30',
      level: 'SHOULD',
      title: 'grant types and response types that contradict each other are not registered',
      profiles: ['rfc7591'],
      reference: 'RFC 7591 section 2.1',
      rule: 'A server supporting these fields SHOULD take steps to ensure that a client cannot register itself into an inconsistent state.',
      async run(context) {
        const grants = ['authorization_code'];
        const exchange = await context.register(
          context.body({ grant_types: grants, response_types: ['token'] }),
        );
        const answer = context.clientOf(exchange)?.answer;
        expectThat(
          isRefusal(exchange) ||
            (answer !== undefined &&
              !(includes(answer['response_types'], 'token') && !includes(answer['grant_types'], 'implicit'))),
          'response type token without the implicit grant is refused or corrected',
          `${statusOf(exchange)}, registered ${shown(answer?.['response_types'])} for ${shown(answer?.['grant_types'])}`,
          exchange,
        );
      },
    },
    {
      id: 'R-70',
      level: 'MUST',
      title: 'an error is a JSON object with an ASCII code',
      profiles: ['rfc7591', 'mcp'],
      reference: 'RFC 7591 section 3.2.2',
      rule: 'The error is a JSON object in the response body with content type "application/json"; error is REQUIRED, a single ASCII error code string; error_description is human-readable ASCII text.',
      async run(context) {
        const exchange = await context.refusal();
        expectErrorBody(exchange);
      },
    },
    {
      id: 'R-70-status',
      level: 'MUST',
      title: 'an error has status 400',
      profiles: ['rfc7591'],
      reference: 'RFC 7591 section 3.2.2',
      rule: 'When a registration error condition occurs, the authorization server returns an HTTP 400 status code (unless otherwise specified).',
      async run(context) {
        const exchange = await context.refusal();
        expectThat(exchange.status === 400, 'the answer is 400', statusOf(exchange), exchange);
      },
    },
    {
      id: 'R-70-code',
      level: 'SHOULD',
      title: 'an invalid redirect URI is called invalid_redirect_uri',
      profiles: ['rfc7591'],
      reference: 'RFC 7591 section 3.2.2',
      rule: 'invalid_redirect_uri: The value of one or more redirection URIs is invalid.',
      async run(context) {
        const exchange = await context.refusal();
        expectThat(
          (exchange.json as { error?: unknown } | undefined)?.error === 'invalid_redirect_uri',
          'error is invalid_redirect_uri',
          statusOf(exchange),
          exchange,
        );
      },
    },
    {
      id: 'R-62-errors',
      level: 'SHOULD',
      title: 'errors are not cached',
      profiles: ['rfc7591'],
      reference: 'RFC 7591 section 3.2.2',
      rule: 'The error responses of the section carry Cache-Control: no-store.',
      async run(context) {
        const exchange = await context.refusal();
        expectThat(
          headerHas(exchange, 'cache-control', 'no-store'),
          'the error carries Cache-Control: no-store',
          `Cache-Control is ${shown(exchange.headers.get('cache-control') ?? undefined)}`,
          exchange,
        );
      },
    },
    {
      id: 'R-71',
      level: 'SHOULD',
      title: 'a body that is no JSON is answered in JSON all the same',
      profiles: ['rfc7591'],
      reference: 'RFC 7591 section 3.2.2',
      rule: 'A registration error is described by a JSON object in the response body.',
      async run(context) {
        const exchange = await context.register('{"redirect_uris": [');
        expectThat(
          isRefusal(exchange),
          'half a JSON object is refused with 400',
          statusOf(exchange),
          exchange,
        );
        expectThat(
          isJsonAnswer(exchange),
          'the error is JSON',
          `content type ${exchange.headers.get('content-type') ?? 'missing'}`,
          exchange,
        );
        expectErrorBody(exchange);
      },
    },
  ],
};

const includes = (list: unknown, word: string): boolean => Array.isArray(list) && list.includes(word);
const sameAs = (left: unknown, right: unknown): boolean => JSON.stringify(left) === JSON.stringify(right);
