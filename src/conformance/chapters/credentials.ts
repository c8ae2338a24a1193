import type { Chapter } from '../conformance-test.js';
import { answerOf, statusOf } from '../http/exchange.js';
import { expectThat } from '../outcome.js';
import { isRefusal, shown } from './expectations.js';

/** RFC 7517 appendix A.1. */
const PUBLIC_KEY = {
  kty: 'EC',
  crv: 'P-256',
  x: 'MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4',
  y: '4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM',
  use: 'sig',
  kid: '1',
};

export const credentials: Chapter = {
  title: 'Secrets and keys',
  tests: [
    {
      id: 'R-56',
      level: 'MUST',
      title: 'a public client gets no secret',
      profiles: ['rfc7591', 'mcp'],
      reference: 'RFC 7591 section 2',
      rule: '"none": The client is a public client as defined in OAuth 2.0, Section 2.1, and does not have a client secret.',
      async run(context) {
        const { answer, exchange } = await context.shared('public');
        expectThat(
          answer['token_endpoint_auth_method'] !== 'none' || !('client_secret' in answer),
          'there is no client_secret',
          'there is one',
          exchange,
        );
        expectThat(
          answer['token_endpoint_auth_method'] === 'none',
          'token_endpoint_auth_method is none, as the metadata offers',
          `it is ${shown(answer['token_endpoint_auth_method'])}`,
          exchange,
        );
      },
    },
    {
      id: 'R-63',
      level: 'MUST',
      title: 'a secret comes with client_secret_expires_at, in seconds, 0 for never',
      profiles: ['rfc7591', 'mcp'],
      reference: 'RFC 7591 section 3.2.1',
      rule: 'client_secret_expires_at: REQUIRED if "client_secret" is issued. Time at which the client secret will expire or 0 if it will not expire, as the number of seconds from 1970-01-01T00:00:00Z.',
      async run(context) {
        const { answer, exchange, secret } = await context.shared('confidential');
        const at = answer['client_secret_expires_at'];
        expectThat(
          secret !== undefined,
          'a confidential client gets a client_secret',
          'there is none',
          exchange,
        );
        expectThat(
          Number.isInteger(at) && (at as number) >= 0 && (at as number) < 100_000_000_000,
          'client_secret_expires_at is a number of seconds, or 0',
          `it is ${shown(at)}`,
          exchange,
        );
      },
    },
    {
      id: 'R-65',
      level: 'MUST',
      title: 'two clients get two secrets',
      profiles: ['rfc7591'],
      reference: 'RFC 7591 section 3.2.1',
      rule: 'client_secret: If issued, this MUST be unique for each "client_id".',
      async run(context) {
        const first = await context.shared('confidential');
        const second = await context.registered(
          context.confidentialBody({ redirect_uris: [`${context.redirectUri}/other`] }),
        );
        expectThat(
          first.clientId === second.clientId || first.secret !== second.secret,
          'the secrets differ',
          'both are the same',
          second.exchange,
        );
      },
    },
    {
      id: 'R-51',
      level: 'MUST',
      title: 'jwks and jwks_uri are never registered together',
      profiles: ['rfc7591'],
      reference: 'RFC 7591 section 2',
      rule: 'The "jwks_uri" and "jwks" parameters MUST NOT both be present in the same request or response.',
      async run(context) {
        const exchange = await context.register(
          context.body({ jwks: { keys: [PUBLIC_KEY] }, jwks_uri: 'https://client.example.org/jwks.json' }),
        );
        const answer = answerOf(exchange);
        expectThat(
          isRefusal(exchange) || (exchange.status < 300 && !('jwks' in answer && 'jwks_uri' in answer)),
          'the request is refused, or one of the two is left out',
          exchange.status < 300 ? 'the answer has both' : statusOf(exchange),
          exchange,
        );
      },
    },
  ],
};
