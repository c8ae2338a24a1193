import type { Chapter } from '../conformance-test.js';
import { answerOf, headerHas, isJsonAnswer, statusOf, type Exchange } from '../http/exchange.js';
import { NotApplicable, applicableIf, expectThat } from '../outcome.js';
import type { TestContext } from '../test-context.js';
import { shown } from './expectations.js';
import { redirectsTo, targetOf } from './redirection.js';

const MUST_NOT_REDIRECT =
  'If an authorization request fails validation due to a missing, invalid, or mismatching redirection URI, or if the client identifier is missing or invalid, the authorization server SHOULD inform the resource owner of the error and MUST NOT automatically redirect the user-agent to the invalid redirection URI.';

/** The server does not take a redirect URI for the client's: an error page, no redirect to it. */
function expectErrorPage(exchange: Exchange, redirectUri: string, what: string): void {
  expectThat(
    !redirectsTo(exchange, redirectUri),
    `${what}: no redirect to ${redirectUri}`,
    'the answer redirects there',
    exchange,
  );
  expectThat(
    exchange.status >= 400 && exchange.status < 500,
    `${what}: an error page (400)`,
    statusOf(exchange),
    exchange,
  );
}

/** Registers a client with one loopback URI and begins with another one. */
async function beginOn(context: TestContext, registered: string, requested: string): Promise<Exchange> {
  const registration = await context.register(
    context.body({ redirect_uris: [registered], application_type: 'native' }),
  );
  const client = context.clientOf(registration);
  applicableIf(client, `the server does not register ${registered}: ${statusOf(registration)}`);
  const exact = await context.authorize({ client_id: client.clientId, redirect_uri: registered });
  if (exact.status >= 400 && !redirectsTo(exact, registered))
    throw new NotApplicable(`the authorization endpoint refuses the registered URI, too: ${statusOf(exact)}`);
  return context.authorize({ client_id: client.clientId, redirect_uri: requested });
}

export const authorization: Chapter = {
  title: 'What the other endpoints make of a registration',
  tests: [
    {
      id: 'R-49-unknown',
      level: 'MUST',
      title: 'a client that was never registered gets no redirect',
      profiles: ['rfc7591', 'mcp'],
      reference: 'RFC 6749 section 4.1.2.1',
      rule: MUST_NOT_REDIRECT,
      async run(context) {
        const uri = context.redirectUri;
        const exchange = await context.authorize({
          client_id: 'conformance-no-such-client',
          redirect_uri: uri,
        });
        expectErrorPage(exchange, uri, 'an unknown client');
      },
    },
    {
      id: 'R-49',
      level: 'MUST',
      title: 'a redirect URI that was not registered gets no redirect',
      profiles: ['rfc7591', 'mcp'],
      reference: 'RFC 6749 section 4.1.2.1',
      rule: MUST_NOT_REDIRECT,
      async run(context) {
        const { clientId } = await context.shared('any');
        const uri = 'https://attacker.example.org/callback';
        expectErrorPage(
          await context.authorize({ client_id: clientId, redirect_uri: uri }),
          uri,
          'another host',
        );
      },
    },
    {
      id: 'R-46',
      level: 'MUST',
      title: 'redirect URIs are compared exactly: no prefixes, no added query',
      profiles: ['rfc7591', 'mcp'],
      reference: 'RFC 9700 section 2.1; RFC 6749 section 3.1.2.3',
      rule: 'Authorization servers MUST utilize exact string matching of client redirection URIs with pre-registered URIs, except for port numbers in localhost redirection URIs of native apps.',
      async run(context) {
        const { clientId } = await context.shared('any');
        for (const uri of [`${context.redirectUri}/deeper`, `${context.redirectUri}?added=1`]) {
          const exchange = await context.authorize({ client_id: clientId, redirect_uri: uri });
          expectErrorPage(exchange, uri, 'a longer URI');
        }
      },
    },
    {
      id: 'R-47',
      level: 'MUST',
      title: 'a loopback redirect may come on any port',
      profiles: ['mcp'],
      reference: 'RFC 8252 section 7.3',
      rule: 'The authorization server MUST allow any port to be specified at the time of the request for loopback IP redirect URIs.',
      async run(context) {
        const requested = 'http://127.0.0.1:51004/callback';
        const exchange = await beginOn(context, 'http://127.0.0.1:49152/callback', requested);
        expectThat(
          exchange.status < 400 || redirectsTo(exchange, requested),
          'another port of 127.0.0.1 is the same client',
          statusOf(exchange),
          exchange,
        );
      },
    },
    {
      id: 'R-48',
      level: 'SHOULD',
      title: 'a localhost redirect without a port may come on any port',
      profiles: ['mcp'],
      reference: 'practice of MCP clients, after RFC 8252 section 7.3',
      rule: 'Some MCP clients register http://localhost/callback once and listen on whatever port is free.',
      async run(context) {
        const requested = 'http://localhost:51004/callback';
        const exchange = await beginOn(context, 'http://localhost/callback', requested);
        expectThat(
          exchange.status < 400 || redirectsTo(exchange, requested),
          'any port of localhost is the same client',
          statusOf(exchange),
          exchange,
        );
      },
    },
    {
      id: 'A-06-iss',
      level: 'MUST',
      title: 'an error that goes back to the client carries iss, where the metadata promises it',
      profiles: ['mcp'],
      reference: 'RFC 9207 section 2',
      rule: 'Authorization servers supporting this specification MUST indicate their identity by including the iss parameter in the authorization response, error responses included.',
      async run(context) {
        const { metadata } = context.server;
        applicableIf(
          metadata['authorization_response_iss_parameter_supported'] === true,
          'the metadata does not promise iss: see A-06',
        );
        const { clientId } = await context.shared('any');
        const exchange = await context.authorize({
          client_id: clientId,
          redirect_uri: context.redirectUri,
          response_type: 'conformance',
        });
        applicableIf(
          redirectsTo(exchange, context.redirectUri),
          'the server shows an error page for an unknown response_type, which carries nothing back',
        );
        const iss = targetOf(exchange)?.searchParams.get('iss') ?? undefined;
        expectThat(
          iss === metadata['issuer'],
          `iss is ${shown(metadata['issuer'])}`,
          `it is ${shown(iss)}`,
          exchange,
        );
      },
    },
    {
      id: 'P-16',
      level: 'MUST',
      title: 'an error of the token endpoint is JSON with a code',
      profiles: ['mcp'],
      reference: 'RFC 6749 section 5.2',
      rule: 'The parameters are included in the entity-body of the HTTP response using the "application/json" media type; error is REQUIRED.',
      async run(context) {
        const exchange = await context.redeem(await context.shared('any'));
        expectThat(
          (exchange.status === 400 || exchange.status === 401) &&
            isJsonAnswer(exchange) &&
            typeof answerOf(exchange)['error'] === 'string',
          'a code that was never issued is answered with 400 and JSON',
          `${statusOf(exchange)}, content type ${exchange.headers.get('content-type') ?? 'missing'}`,
          exchange,
        );
      },
    },
    {
      id: 'P-16-known',
      level: 'MUST',
      title: 'a client is known at the token endpoint as soon as it is registered',
      profiles: ['rfc7591', 'mcp'],
      reference: 'RFC 7591 section 3.2.1; RFC 6749 section 5.2',
      rule: 'The registration returns the identifier of a registered client; a code that was never issued is then invalid_grant, not invalid_client.',
      async run(context) {
        const exchange = await context.redeem(await context.registered());
        expectThat(
          answerOf(exchange)['error'] !== 'invalid_client',
          'a code that was never issued is answered with invalid_grant',
          statusOf(exchange),
          exchange,
        );
      },
    },
    {
      id: 'P-16-cache',
      level: 'SHOULD',
      title: 'errors of the token endpoint are not cached',
      profiles: ['mcp'],
      reference: 'RFC 6749 section 5.2',
      rule: 'The error response of the section carries Cache-Control: no-store.',
      async run(context) {
        const exchange = await context.redeem(await context.shared('any'));
        expectThat(
          headerHas(exchange, 'cache-control', 'no-store'),
          'Cache-Control holds no-store',
          `it is ${shown(exchange.headers.get('cache-control') ?? undefined)}`,
          exchange,
        );
      },
    },
  ],
};
