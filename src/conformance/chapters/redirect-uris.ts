import type { Chapter, ConformanceTest } from '../conformance-test.js';
import { expectThat } from '../outcome.js';
import type { TestContext } from '../test-context.js';
import { expectRefusal, expectRegistered, sameJson, shown } from './expectations.js';

/** Several URIs of one client; the second has characters that a URL library would like to change. */
export function severalRedirectUris(redirectUri: string): readonly string[] {
  return [`${redirectUri}/second`, `${redirectUri}?tenant=a%2fb&empty=`, redirectUri];
}

const refuses = async (context: TestContext, uris: readonly string[]): Promise<void> => {
  for (const uri of uris) {
    expectRefusal(await context.register(context.body({ redirect_uris: [uri] })), `the redirect URI ${uri}`);
  }
};

const required = (
  id: string,
  client: string,
  body: (context: TestContext) => Record<string, unknown>,
): ConformanceTest => ({
  id,
  level: 'MUST',
  title: `${client} is refused`,
  profiles: ['rfc7591', 'mcp'],
  reference: 'RFC 7591 section 5',
  rule: 'For clients that use redirect-based grant types such as "authorization_code" and "implicit", authorization servers MUST require clients to register their redirection URI values.',
  async run(context) {
    expectRefusal(await context.register(body(context)), client);
  },
});

export const redirectUris: Chapter = {
  title: 'Redirect URIs',
  tests: [
    {
      id: 'R-24',
      level: 'MUST',
      title: 'redirect URIs are registered as they were sent: all of them, in order, byte for byte',
      profiles: ['rfc7591', 'mcp'],
      reference: 'RFC 7591 section 3.2.1; OpenID Connect Dynamic Client Registration section 3.2',
      rule: 'The authorization server returns all registered metadata; it does not change requested redirect_uris, since the client would use an identifier that does not work.',
      async run(context) {
        const asked = severalRedirectUris(context.redirectUri);
        const client = await context.registered(context.body({ redirect_uris: asked }));
        const came = client.answer['redirect_uris'];
        expectThat(
          sameJson(came, asked),
          `redirect_uris is ${shown(asked)}`,
          `it is ${shown(came)}`,
          client.exchange,
        );
      },
    },
    required('R-40', 'a client for the authorization code grant without redirect_uris', (context) => {
      const { redirect_uris: _, ...body } = context.body();
      return body;
    }),
    required(
      'R-40-empty',
      'a client for the authorization code grant with an empty list of redirect_uris',
      (context) => context.body({ redirect_uris: [] }),
    ),
    {
      id: 'R-41',
      level: 'MUST',
      title: 'relative URIs and URIs with a fragment are refused',
      profiles: ['rfc7591', 'mcp'],
      reference: 'RFC 6749 section 3.1.2',
      rule: 'The redirection endpoint URI MUST be an absolute URI. The endpoint URI MUST NOT include a fragment component.',
      run: (context) => refuses(context, ['/callback', `${context.redirectUri}#fragment`]),
    },
    {
      id: 'R-42',
      level: 'MUST',
      title: 'plain http to another machine is refused',
      profiles: ['rfc7591', 'mcp'],
      reference: 'RFC 7591 section 5',
      rule: 'Registered redirection URI values MUST be one of: a remote web site protected by TLS, a web site on the local machine using an HTTP URI, or a non-HTTP application-specific URL.',
      run: (context) => refuses(context, ['http://client.example.org/callback']),
    },
    {
      id: 'R-43',
      level: 'MUST',
      title: 'javascript: and data: URIs are refused',
      profiles: ['rfc7591', 'mcp'],
      reference: 'RFC 7591 section 5',
      rule: 'A registered redirection URI is a web site protected by TLS, a web site on the local machine, or a URL that is available only to the client application; a script is none of them.',
      run: (context) => refuses(context, ['javascript:alert(1)', 'data:text/html,<script>1</script>']),
    },
    {
      id: 'R-44',
      level: 'SHOULD',
      title: 'a private-use scheme in reverse domain order is accepted',
      profiles: ['rfc7591', 'mcp'],
      reference: 'RFC 7591 section 5; RFC 8252 section 7.1',
      rule: 'A non-HTTP application-specific URL that is available only to the client application (e.g., exampleapp://oauth_redirect).',
      async run(context) {
        const uri = 'org.example.conformance:/oauth/callback';
        const body = context.body({ redirect_uris: [uri], application_type: 'native' });
        const answer = expectRegistered(await context.register(body), `the redirect URI ${uri}`);
        expectThat(
          sameJson(answer['redirect_uris'], [uri]),
          `it is returned`,
          shown(answer['redirect_uris']),
        );
      },
    },
  ],
};
