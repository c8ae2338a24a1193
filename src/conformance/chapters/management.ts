import type { Chapter, ConformanceTest } from '../conformance-test.js';
import { answerOf, headerHas, isJsonAnswer, statusOf, type Exchange } from '../http/exchange.js';
import { applicableIf, expectThat } from '../outcome.js';
import type { TestContext } from '../test-context.js';
import { expectErrorBody, isRefusal, sameJson, shown } from './expectations.js';
import { managedClient, metadataOf } from './managed-client.js';

const NO_SUCH_TOKEN = 'conformance-no-such-token';

function expectUnauthorized(exchange: Exchange, whose: string): void {
  expectThat(exchange.status === 401, `${whose} is answered with 401`, statusOf(exchange), exchange);
}

/** Each method of the configuration endpoint with another credential than the client's own. */
async function eachMethodWith(
  context: TestContext,
  token: string | null,
  examine: (exchange: Exchange, method: string) => void,
): Promise<void> {
  const client = await managedClient(context);
  for (const method of ['GET', 'PUT', 'DELETE'] as const) {
    const body = method === 'PUT' ? { body: metadataOf(client.answer) } : {};
    const exchange = await context.manage(client, method, { token, ...body });
    if (exchange.status !== 405) examine(exchange, method);
  }
}

const answersLikeRegistration = (
  id: string,
  method: 'GET' | 'PUT',
  title: string,
  reference: string,
): ConformanceTest => ({
  id,
  level: 'MUST',
  title,
  profiles: ['rfc7592'],
  reference,
  rule: 'The authorization server responds with an HTTP 200 OK status code with content type "application/json" and the client information response of section 3, where registration_client_uri and registration_access_token are REQUIRED.',
  async run(context) {
    const client = await managedClient(context);
    const sent = method === 'PUT' ? { body: metadataOf(client.answer) } : {};
    const exchange = await context.manage(client, method, sent);
    const answer = answerOf(exchange);
    expectThat(exchange.status === 200, 'the answer is 200', statusOf(exchange), exchange);
    expectThat(isJsonAnswer(exchange), 'it is application/json', 'it is something else', exchange);
    expectThat(
      answer['client_id'] === client.clientId,
      `client_id is ${client.clientId}, as before`,
      `it is ${shown(answer['client_id'])}`,
      exchange,
    );
    for (const name of ['registration_client_uri', 'registration_access_token']) {
      expectThat(
        typeof answer[name] === 'string' && answer[name] !== '',
        `${name} is a string`,
        'it is missing',
        exchange,
      );
    }
  },
});

export const management: Chapter = {
  title: 'Client configuration endpoint',
  tests: [
    {
      id: 'M-01',
      level: 'MUST',
      title: 'reading, updating and deleting need the registration access token',
      profiles: ['rfc7592'],
      reference: 'RFC 7592 section 2',
      rule: 'The client MUST use its registration access token in all calls to this endpoint as an OAuth 2.0 Bearer Token.',
      run: (context) =>
        eachMethodWith(context, null, (exchange, method) =>
          expectUnauthorized(exchange, `${method} without a token`),
        ),
    },
    {
      id: 'M-01-wrong',
      level: 'MUST',
      title: 'a token that was never issued is refused with 401',
      profiles: ['rfc7592'],
      reference: 'RFC 7592 section 2; RFC 6750 section 3.1',
      rule: 'The request is authenticated by the registration access token; errors are those of RFC 6750: 401 for an invalid token.',
      run: (context) =>
        eachMethodWith(context, NO_SUCH_TOKEN, (exchange, method) =>
          expectUnauthorized(exchange, `${method} with a token that was never issued`),
        ),
    },
    {
      id: 'M-01-challenge',
      level: 'MUST',
      title: 'a 401 carries WWW-Authenticate: Bearer',
      profiles: ['rfc7592'],
      reference: 'RFC 6750 section 3',
      rule: 'The resource server MUST include the HTTP "WWW-Authenticate" response header field; the scheme is Bearer.',
      async run(context) {
        const client = await managedClient(context);
        for (const token of [null, NO_SUCH_TOKEN]) {
          const exchange = await context.manage(client, 'GET', { token });
          applicableIf(exchange.status === 401, 'the server answers something else than 401: see M-01');
          const challenge = exchange.headers.get('www-authenticate') ?? undefined;
          expectThat(
            /^bearer\b/i.test(challenge ?? ''),
            'the 401 carries WWW-Authenticate: Bearer',
            `WWW-Authenticate is ${shown(challenge)}`,
            exchange,
          );
        }
      },
    },
    {
      id: 'M-02',
      level: 'MUST',
      title: 'an unknown client is answered with 401, not 404',
      profiles: ['rfc7592'],
      reference: 'RFC 7592 section 2.1',
      rule: 'If the client does not exist on this server, the server MUST respond with HTTP 401 Unauthorized.',
      async run(context) {
        const client = await managedClient(context);
        const { clientId, configurationUri } = client;
        const at = configurationUri.lastIndexOf(encodeURIComponent(clientId));
        applicableIf(at >= 0, 'registration_client_uri does not hold the client_id');
        const unknown = `${clientId.slice(0, -4)}none`;
        const url = `${configurationUri.slice(0, at)}${encodeURIComponent(unknown)}${configurationUri.slice(at + encodeURIComponent(clientId).length)}`;
        const exchange = await context.manage(client, 'GET', { url });
        expectUnauthorized(exchange, 'a client that does not exist');
      },
    },
    {
      id: 'M-03',
      level: 'MUST',
      title: "a client's token opens no other client",
      profiles: ['rfc7592'],
      reference: 'RFC 7592 sections 1.2 and 2',
      rule: 'The registration access token is associated with a particular registered client.',
      async run(context) {
        for (const method of ['GET', 'PUT', 'DELETE'] as const) {
          // A server may revoke a token that comes for another client, so each method gets a new stranger.
          const stranger = await managedClient(context);
          const client = await managedClient(context);
          const body = method === 'PUT' ? { body: metadataOf(client.answer) } : {};
          const exchange = await context.manage(client, method, { token: stranger.accessToken, ...body });
          expectThat(
            [401, 403, 405].includes(exchange.status),
            `${method} with the token of another client is answered with 401`,
            statusOf(exchange),
            exchange,
          );
        }
      },
    },
    answersLikeRegistration(
      'M-08',
      'GET',
      'reading answers with the client as it is registered',
      'RFC 7592 section 2.1',
    ),
    {
      id: 'M-08-same',
      level: 'MUST',
      title: 'reading shows the metadata that was registered',
      profiles: ['rfc7592'],
      reference: 'RFC 7592 sections 2.1 and 3',
      rule: 'The response is the client information response, which returns all registered metadata about this client.',
      async run(context) {
        const client = await managedClient(
          context,
          context.body({ client_uri: 'https://client.example.org/' }),
        );
        const exchange = await context.manage(client, 'GET');
        const read = answerOf(exchange);
        const expected = metadataOf(client.answer);
        const differing = Object.keys(expected).filter((name) => !sameJson(read[name], expected[name]));
        expectThat(
          differing.length === 0,
          'every member is as the registration answered it',
          differing.map((name) => `${name} is ${shown(read[name])}, was ${shown(expected[name])}`).join(', '),
          exchange,
        );
      },
    },
    {
      id: 'M-08-cache',
      level: 'MUST',
      title: 'an answer with the registration access token is not stored by caches',
      profiles: ['rfc7592'],
      reference: 'RFC 6749 section 5.1; RFC 7592 section 3',
      rule: 'The authorization server MUST include Cache-Control: no-store in any response containing tokens, credentials, or other sensitive information.',
      async run(context) {
        const client = await managedClient(context);
        const exchange = await context.manage(client, 'GET');
        applicableIf(exchange.status === 200, 'reading failed: see M-08');
        expectThat(
          headerHas(exchange, 'cache-control', 'no-store'),
          'Cache-Control holds no-store',
          `it is ${shown(exchange.headers.get('cache-control') ?? undefined)}`,
          exchange,
        );
      },
    },
    answersLikeRegistration(
      'M-25',
      'PUT',
      'an update with the same metadata succeeds and answers with the client',
      'RFC 7592 section 2.2',
    ),
    {
      id: 'M-20',
      level: 'MUST',
      title: 'an update replaces: what it leaves out is deleted',
      profiles: ['rfc7592'],
      reference: 'RFC 7592 section 2.2',
      rule: "Omitted fields MUST be treated as null or empty values by the server, indicating the client's request to delete them from the client's registration.",
      async run(context) {
        const client = await managedClient(
          context,
          context.body({
            client_uri: 'https://client.example.org/',
            contacts: ['conformance@client.example.org'],
          }),
        );
        const removed = ['client_uri', 'contacts'].filter((name) => name in client.answer);
        applicableIf(removed.length > 0, 'the server registers neither client_uri nor contacts');
        const body = { ...metadataOf(client.answer) };
        for (const name of removed) delete body[name];
        const exchange = await context.manage(client, 'PUT', { body });
        expectThat(exchange.status === 200, 'the update is accepted', statusOf(exchange), exchange);
        const kept = removed.filter((name) => name in answerOf(exchange));
        expectThat(
          kept.length === 0,
          `${removed.join(' and ')}, which the update leaves out, are gone`,
          `still there: ${kept.join(', ')}`,
          exchange,
        );
      },
    },
    {
      id: 'M-20-list',
      level: 'MUST',
      title: 'an update replaces lists, and does not add to them',
      profiles: ['rfc7592'],
      reference: 'RFC 7592 section 2.2',
      rule: 'Valid values of client metadata fields in this request MUST replace, not augment, the values previously associated with this client.',
      async run(context) {
        const other = `${context.redirectUri}/other`;
        const client = await managedClient(
          context,
          context.body({ redirect_uris: [context.redirectUri, other] }),
        );
        const body = { ...metadataOf(client.answer), redirect_uris: [other] };
        const exchange = await context.manage(client, 'PUT', { body });
        expectThat(exchange.status === 200, 'the update is accepted', statusOf(exchange), exchange);
        const { redirect_uris: uris } = answerOf(exchange);
        expectThat(
          sameJson(uris, [other]),
          `redirect_uris is ${shown([other])}`,
          `it is ${shown(uris)}`,
          exchange,
        );
      },
    },
    {
      id: 'M-28',
      level: 'MUST',
      title: 'reading after an update shows what the update answered',
      profiles: ['rfc7592'],
      reference: 'RFC 7592 section 2.1',
      rule: 'To read the current configuration of the client on the authorization server, the client makes an HTTP GET request to the client configuration endpoint.',
      async run(context) {
        const client = await managedClient(context);
        const body = { ...metadataOf(client.answer), redirect_uris: [`${context.redirectUri}/updated`] };
        const put = await context.manage(client, 'PUT', { body });
        applicableIf(put.status === 200, 'the update failed: see M-25');
        const read = await context.manage(client, 'GET');
        const now = answerOf(read)['redirect_uris'];
        const answered = answerOf(put)['redirect_uris'];
        expectThat(
          sameJson(now, answered),
          `redirect_uris is ${shown(answered)}`,
          `it is ${shown(now)}`,
          read,
        );
      },
    },
    {
      id: 'M-21',
      level: 'MUST',
      title: 'an update for another client_id than the own is refused',
      profiles: ['rfc7592'],
      reference: 'RFC 7592 section 2.2',
      rule: 'The client MUST include its "client_id" field in the request, and it MUST be the same as its currently issued client identifier.',
      async run(context) {
        const client = await managedClient(context);
        const body = { ...metadataOf(client.answer), client_id: `${client.clientId}-other` };
        const exchange = await context.manage(client, 'PUT', { body });
        expectThat(isRefusal(exchange), 'the update is refused with 400', statusOf(exchange), exchange);
      },
    },
    {
      id: 'M-21-missing',
      level: 'SHOULD',
      title: 'an update without client_id is refused',
      profiles: ['rfc7592'],
      reference: 'RFC 7592 section 2.2',
      rule: 'The client MUST include its "client_id" field in the request. (It binds the client; a server that lets it pass hides a mistake.)',
      async run(context) {
        const client = await managedClient(context);
        const { client_id: _, ...body } = metadataOf(client.answer);
        const exchange = await context.manage(client, 'PUT', { body });
        expectThat(isRefusal(exchange), 'the update is refused with 400', statusOf(exchange), exchange);
      },
    },
    {
      id: 'M-22',
      level: 'MUST',
      title: 'an update cannot set what the server issues',
      profiles: ['rfc7592'],
      reference: 'RFC 7592 section 2.2',
      rule: 'The updated client metadata fields request MUST NOT include the "registration_access_token", "registration_client_uri", "client_secret_expires_at", or "client_id_issued_at" fields.',
      async run(context) {
        for (const [name, value] of Object.entries(CHOSEN)) {
          const client = await managedClient(context);
          const body = { ...metadataOf(client.answer), [name]: value };
          const exchange = await context.manage(client, 'PUT', { body });
          expectThat(
            isRefusal(exchange) || (exchange.status === 200 && answerOf(exchange)[name] !== value),
            `${name} in an update is refused or has no effect`,
            exchange.status === 200 ? 'it was taken over' : statusOf(exchange),
            exchange,
          );
        }
      },
    },
    {
      id: 'M-22-refused',
      level: 'SHOULD',
      title: 'an update with members that only the server issues is refused',
      profiles: ['rfc7592'],
      reference: 'RFC 7592 section 2.2',
      rule: 'The request MUST NOT include them. (It binds the client; a server that lets it pass hides a mistake.)',
      async run(context) {
        for (const [name, value] of Object.entries(CHOSEN)) {
          const client = await managedClient(context);
          const body = { ...metadataOf(client.answer), [name]: value };
          const exchange = await context.manage(client, 'PUT', { body });
          expectThat(isRefusal(exchange), `${name} is refused with 400`, statusOf(exchange), exchange);
        }
      },
    },
    {
      id: 'M-23',
      level: 'MUST',
      title: 'a client cannot choose its secret',
      profiles: ['rfc7592'],
      reference: 'RFC 7592 section 2.2',
      rule: 'The client MUST NOT be allowed to overwrite its existing client secret with its own chosen value.',
      async run(context) {
        const client = await managedClient(context, context.confidentialBody());
        applicableIf(client.secret, 'the server issued no client_secret');
        const chosen = 'conformance-chosen-secret-0123456789abcdef';
        const body = { ...metadataOf(client.answer), client_secret: chosen };
        const exchange = await context.manage(client, 'PUT', { body });
        if (isRefusal(exchange)) return;
        expectThat(
          exchange.status === 200 && answerOf(exchange)['client_secret'] !== chosen,
          'the update is refused with 400, or the secret stays',
          exchange.status === 200 ? 'the chosen secret was taken over' : statusOf(exchange),
          exchange,
        );
        const redeemed = await context.redeem(client, chosen);
        expectThat(
          answerOf(redeemed)['error'] === 'invalid_client',
          'the chosen secret does not open the token endpoint',
          statusOf(redeemed),
          redeemed,
        );
      },
    },
    {
      id: 'M-23-same',
      level: 'MUST',
      title: 'the current secret may be part of an update',
      profiles: ['rfc7592'],
      reference: 'RFC 7592 section 2.2',
      rule: 'If the client includes the "client_secret" field in the request, the value of this field MUST match the currently issued client secret for that client.',
      async run(context) {
        const client = await managedClient(context, context.confidentialBody());
        applicableIf(client.secret, 'the server issued no client_secret');
        const body = { ...metadataOf(client.answer), client_secret: client.secret };
        const exchange = await context.manage(client, 'PUT', { body });
        expectThat(exchange.status === 200, 'the update is accepted', statusOf(exchange), exchange);
      },
    },
    {
      id: 'M-25-invalid',
      level: 'MUST',
      title: 'an update with an invalid value is refused, and leaves the client as it was',
      profiles: ['rfc7592'],
      reference: 'RFC 7592 section 2.2; RFC 6749 section 3.1.2',
      rule: 'If the client attempts to set an invalid metadata field and the authorization server does not set a default value, it responds with an error as described in RFC 7591. A redirection URI MUST NOT include a fragment.',
      async run(context) {
        const client = await managedClient(context);
        const bad = `${context.redirectUri}#fragment`;
        const body = { ...metadataOf(client.answer), redirect_uris: [bad] };
        const put = await context.manage(client, 'PUT', { body });
        expectThat(isRefusal(put), `the redirect URI ${bad} is refused with 400`, statusOf(put), put);
        expectErrorBody(put);
        const read = await context.manage(client, 'GET');
        const { redirect_uris: uris } = answerOf(read);
        expectThat(
          sameJson(uris, client.answer['redirect_uris']),
          'the client is as it was',
          `redirect_uris is ${shown(uris)}`,
          read,
        );
      },
    },
  ],
};

/** Values that a client might choose for what only the server issues. */
const CHOSEN: Readonly<Record<string, unknown>> = {
  registration_access_token: 'conformance-chosen-token',
  registration_client_uri: 'https://client.example.org/register',
  client_secret_expires_at: 4_102_444_800,
  client_id_issued_at: 1,
};
