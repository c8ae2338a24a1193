import type { Chapter } from '../conformance-test.js';
import { answerOf, statusOf, type Exchange } from '../http/exchange.js';
import { applicableIf, expectThat } from '../outcome.js';
import type { RegisteredClient } from '../server/registered-client.js';
import type { TestContext } from '../test-context.js';
import { managedClient } from './managed-client.js';
import { redirectsTo } from './redirection.js';

/** A client that was there a moment ago. */
async function deletedClient(
  context: TestContext,
  body?: Record<string, unknown>,
): Promise<RegisteredClient> {
  const client = await managedClient(context, body);
  const exchange = await context.manage(client, 'DELETE');
  applicableIf(exchange.status !== 405, 'the server offers no deletion (405)');
  applicableIf(exchange.status >= 200 && exchange.status < 300, 'the deletion failed: see M-40');
  return client;
}

function expectUnauthorized(exchange: Exchange, what: string): void {
  expectThat(exchange.status === 401, `${what} is answered with 401`, statusOf(exchange), exchange);
}

export const deletion: Chapter = {
  title: 'Deleting a client',
  tests: [
    {
      id: 'M-40',
      level: 'MUST',
      title: 'a deletion is answered with 204 and nothing else',
      profiles: ['rfc7592'],
      reference: 'RFC 7592 section 2.3',
      rule: 'If a client has been successfully deprovisioned, the authorization server MUST respond with an HTTP 204 No Content message. If the server does not support the delete method, it MUST respond with HTTP 405.',
      async run(context) {
        const exchange = await context.manage(await managedClient(context), 'DELETE');
        applicableIf(exchange.status !== 405, 'the server offers no deletion (405)');
        expectThat(
          exchange.status === 204 && exchange.text === '',
          'the answer is 204',
          statusOf(exchange),
          exchange,
        );
      },
    },
    {
      id: 'M-40-read',
      level: 'MUST',
      title: 'a deleted client can no longer be read: 401',
      profiles: ['rfc7592'],
      reference: 'RFC 7592 sections 2.1 and 2.3',
      rule: 'A successful delete action invalidates the "registration_access_token". If the client does not exist on this server, the server MUST respond with HTTP 401 Unauthorized.',
      async run(context) {
        const client = await deletedClient(context);
        expectUnauthorized(await context.manage(client, 'GET'), 'GET of a deleted client');
      },
    },
    {
      id: 'M-40-again',
      level: 'MUST',
      title: 'a second deletion is answered with 401',
      profiles: ['rfc7592'],
      reference: 'RFC 7592 section 2.3',
      rule: 'If the client does not exist on this server, the server MUST respond with HTTP 401 Unauthorized.',
      async run(context) {
        const client = await deletedClient(context);
        expectUnauthorized(await context.manage(client, 'DELETE'), 'DELETE of a deleted client');
      },
    },
    {
      id: 'M-42-token',
      level: 'MUST',
      title: 'a deleted client is unknown at the token endpoint: invalid_client',
      profiles: ['rfc7592', 'mcp'],
      reference: 'RFC 7592 section 2.3; RFC 6749 section 5.2',
      rule: 'A successful delete action will invalidate the "client_id" ..., thereby preventing the "client_id" from being used at the token endpoint. invalid_client: unknown client.',
      async run(context) {
        const client = await deletedClient(context);
        const exchange = await context.redeem(client);
        expectThat(
          (exchange.status === 401 || exchange.status === 400) &&
            answerOf(exchange)['error'] === 'invalid_client',
          'the answer is 401 invalid_client',
          statusOf(exchange),
          exchange,
        );
      },
    },
    {
      id: 'M-42-authorize',
      level: 'MUST',
      title: 'a deleted client is unknown at the authorization endpoint: no redirect',
      profiles: ['rfc7592', 'mcp'],
      reference: 'RFC 7592 section 2.3; RFC 6749 section 4.1.2.1',
      rule: 'If the client identifier is missing or invalid, the authorization server MUST NOT automatically redirect the user-agent to the invalid redirection URI.',
      async run(context) {
        const client = await deletedClient(context);
        const redirectUri = context.redirectUri;
        const exchange = await context.authorize({ client_id: client.clientId, redirect_uri: redirectUri });
        expectThat(
          exchange.status >= 400,
          'the user sees an error page (400 or above)',
          redirectsTo(exchange, redirectUri) ? 'the answer redirects to the client' : statusOf(exchange),
          exchange,
        );
      },
    },
  ],
};
