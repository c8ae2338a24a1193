// An MCP server that lets in whoever Clientele let in. It is as small as it can be and still right: about a hundred lines,
// of which a real server keeps almost all and replaces the weather.
//
//   PORT                  where it listens, 3001 by default
//   AUTHORIZATION_SERVER  the issuer it trusts, http://localhost:3000 by default

import { createServer } from 'node:http';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { AccessTokens } from './access-tokens.mjs';
import { registerWeather } from './weather.mjs';

const SCOPE = 'mcp:tools';
const MCP_PATH = '/mcp';
// RFC 9728 section 3.1: the well-known part comes before the path of the resource.
const METADATA_PATH = `/.well-known/oauth-protected-resource${MCP_PATH}`;

const authorizationServer = process.env.AUTHORIZATION_SERVER ?? 'http://localhost:3000';

const server = createServer((request, response) => {
  answer(request, response).catch((error) => {
    console.error(error);
    if (!response.headersSent) send(response, 500, { error: 'server_error' });
  });
});

server.listen(Number(process.env.PORT ?? 3001), 'localhost', () => {
  console.log(`MCP server at ${resource()}, protected by ${authorizationServer}`);
});

/** This server's identifier: what clients name as `resource`, and what a token must have as `aud`. */
function resource() {
  return `http://localhost:${server.address().port}${MCP_PATH}`;
}

const accessTokens = new AccessTokens(authorizationServer, resource);

async function answer(request, response) {
  const { pathname } = new URL(request.url, resource());

  if (request.method === 'GET' && pathname === METADATA_PATH) {
    return send(response, 200, {
      resource: resource(),
      authorization_servers: [authorizationServer],
      scopes_supported: [SCOPE],
      bearer_methods_supported: ['header'],
    });
  }
  if (pathname !== MCP_PATH) return send(response, 404, { error: 'not_found' });

  // No token, a bad one, or one without the scope: say so, and say where a better one is to be had (RFC 6750, RFC 9728).
  const caller = await accessTokens.check(request.headers.authorization, SCOPE);
  if (caller.error !== undefined) {
    response.setHeader('WWW-Authenticate', challenge(caller));
    return send(response, caller.status, { error: caller.error });
  }

  // Without sessions each request stands alone, so any number of instances can answer.
  if (request.method !== 'POST') {
    response.setHeader('Allow', 'POST');
    return send(response, 405, { error: 'method_not_allowed' });
  }
  const mcp = new McpServer({ name: 'weather', version: '1.0.0' });
  registerWeather(mcp, caller.claims);
  const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined });
  response.on('close', () => {
    void mcp.close();
  });
  await mcp.connect(transport);
  await transport.handleRequest(request, response);
}

function challenge({ status, error }) {
  const parameters = [
    `resource_metadata="${new URL(METADATA_PATH, resource()).href}"`,
    `scope="${SCOPE}"`,
    // RFC 6750 section 3.1: a request without any token learns no error code.
    ...(error === 'unauthorized' ? [] : [`error="${status === 403 ? 'insufficient_scope' : error}"`]),
  ];
  return `Bearer ${parameters.join(', ')}`;
}

function send(response, status, body) {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}
