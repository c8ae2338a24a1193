import type { Chapter, ConformanceTest } from '../conformance-test.js';
import type { Exchange } from '../http/exchange.js';
import { applicableIf, expectThat } from '../outcome.js';
import { endpointOf } from '../server/discover.js';
import type { TestContext } from '../test-context.js';
import { shown } from './expectations.js';

/** Where a browser client might run. */
const ORIGIN = 'http://localhost:6274';

function expectAllowedOrigin(exchange: Exchange): void {
  const allowed = exchange.headers.get('access-control-allow-origin') ?? undefined;
  expectThat(
    allowed === '*' || allowed === ORIGIN,
    `Access-Control-Allow-Origin is * or ${ORIGIN}`,
    `it is ${shown(allowed)}`,
    exchange,
  );
}

/** A script of another origin asks before it sends. */
async function preflight(context: TestContext, url: string, method: string, headers: string): Promise<void> {
  const exchange = await context.send({
    method: 'OPTIONS',
    url,
    headers: {
      Origin: ORIGIN,
      'Access-Control-Request-Method': method,
      'Access-Control-Request-Headers': headers,
    },
  });
  expectThat(
    exchange.status >= 200 && exchange.status < 300,
    'the preflight is answered with 2xx',
    `the answer was ${exchange.status}`,
    exchange,
  );
  expectAllowedOrigin(exchange);
  const allowed = (exchange.headers.get('access-control-allow-headers') ?? '').toLowerCase();
  const missing = headers.split(',').filter((each) => allowed !== '*' && !allowed.includes(each));
  expectThat(
    missing.length === 0,
    `Access-Control-Allow-Headers holds ${headers}`,
    `missing: ${missing.join(', ')}`,
    exchange,
  );
}

const forBrowsers = (
  id: string,
  title: string,
  run: (context: TestContext) => Promise<void>,
): ConformanceTest => ({
  id,
  level: 'SHOULD',
  title,
  profiles: ['mcp'],
  reference: 'Fetch standard, CORS protocol; practice of MCP clients in browsers',
  rule: 'A client that runs in a browser reaches a server of another origin only when the server allows it; MCP clients send MCP-Protocol-Version with what they ask.',
  run,
});

export const browsers: Chapter = {
  title: 'Clients in browsers',
  tests: [
    forBrowsers('P-06-metadata', 'scripts of other origins may read the metadata', async (context) => {
      const { discovery } = context.server;
      applicableIf(discovery !== null, 'the server publishes no metadata: see A-01');
      const { url } = discovery.request;
      await preflight(context, url, 'GET', 'mcp-protocol-version');
      expectAllowedOrigin(await context.send({ method: 'GET', url, headers: { Origin: ORIGIN } }));
    }),
    forBrowsers('P-06-register', 'scripts of other origins may register', async (context) => {
      const url = context.server.registrationEndpoint;
      await preflight(context, url, 'POST', 'content-type,mcp-protocol-version');
      expectAllowedOrigin(await context.register(context.body(), { headers: { Origin: ORIGIN } }));
    }),
    forBrowsers(
      'P-06-errors',
      'scripts of other origins may read why a registration was refused',
      async (context) => {
        const body = context.body({ redirect_uris: ['#conformance'] });
        expectAllowedOrigin(await context.register(body, { headers: { Origin: ORIGIN } }));
      },
    ),
    forBrowsers('P-06-token', 'scripts of other origins may ask for tokens', async (context) => {
      const url = endpointOf(context.server, 'token_endpoint');
      applicableIf(url, 'the metadata names no token_endpoint');
      await preflight(context, url, 'POST', 'content-type,mcp-protocol-version');
    }),
  ],
};
