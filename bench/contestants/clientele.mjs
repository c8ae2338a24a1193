// Clientele as it runs in production: `node dist/main.js`, the shipped policy, its own database.
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { basic } from '../load/http-request.mjs';
import { startServer } from './server-process.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
export const RESOURCE = 'https://mcp.example/api';
export const SCOPE = 'mcp:tools';
const NEVER_REACHED = '999999999';
const ADMIN_TOKEN = randomBytes(32).toString('hex');
const MASTER_KEY = randomBytes(32).toString('base64');

/**
 * @param {import('./cluster.mjs').Cluster} cluster
 * @param {object} options
 * @param {string} options.database its name; created unless it exists
 * @param {string} [options.databaseUrl] of one that exists
 * @param {Record<string, string>} [options.environment] beside the usual
 * @param {boolean} [options.development] for its sign-in by name, which production does not have
 */
export async function startClientele(cluster, { database, databaseUrl, environment, development = false }) {
  const url = databaseUrl ?? (await cluster.createDatabase(database));
  const server = await startServer(
    {
      name: 'Clientele',
      script: path.join(ROOT, 'dist', 'main.js'),
      directory: ROOT,
      environment: {
        ...(development ? { NODE_ENV: '' } : { PUBLIC_URL: 'https://clientele.example' }),
        DATABASE_URL: url,
        MASTER_KEY,
        ADMIN_TOKEN,
        HOST: '127.0.0.1',
        PORT: '0',
        TRUSTED_PROXIES: '127.0.0.1',
        LOG_LEVEL: 'info',
        // On, and counted for every request as in production, but never reached.
        RATE_LIMIT_ADDRESS: NEVER_REACHED,
        RATE_LIMIT_SAME_REQUEST: NEVER_REACHED,
        RATE_LIMIT_SHARED: NEVER_REACHED,
        RATE_LIMIT_TOKEN: NEVER_REACHED,
        ...environment,
      },
      logFile: path.join(cluster.folder, `${database}.log`),
    },
    development ? portFromBanner : portFromLog,
  );
  const target = { host: '127.0.0.1', port: server.port };
  const origin = `http://127.0.0.1:${server.port}`;
  const admin = (method, adminPath, body) =>
    requestJson(`${origin}/admin/v1${adminPath}`, {
      method,
      headers: { Authorization: `Bearer ${ADMIN_TOKEN}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ ...body, reason: 'benchmark' }),
    });
  return {
    ...server,
    name: 'Clientele',
    target,
    origin,
    databaseUrl: url,
    database,
    register: { path: '/register' },
    authorizePath: '/authorize',
    tokenPath: '/token',
    jwksPath: '/jwks',
    pageOrigin: `http://localhost:${server.port}`,
    consent: { suffix: '/consent', fields: { decision: 'allow' } },
    answerPage(forms, _page, user) {
      const signIn = forms.find((action) => action.endsWith('/sign-in'));
      if (signIn) return { action: signIn, fields: { name: user } };
      return { action: forms.find((action) => action.endsWith('/consent')), fields: { decision: 'allow' } };
    },
    resource: RESOURCE,
    admin,
    /** @returns the request that asks for a client's configuration, RFC 7592 section 2.1 */
    readRequest: ({ client_id: clientId, registration_access_token: token }) => ({
      method: 'GET',
      path: `/register/${clientId}`,
      headers: { Authorization: `Bearer ${token}` },
    }),
    /** The realm names the resource that tokens are for. */
    configureRealm: () =>
      admin('PUT', '/realms/default', {
        registration: 'open',
        profile: 'default',
        scopes: [SCOPE, 'offline_access'],
        default_scopes: [SCOPE],
        resources: [{ identifier: RESOURCE, name: 'Benchmark', scopes: [SCOPE] }],
        default_resource: RESOURCE,
        ...(development ? { unknown_resources: 'loopback' } : {}),
      }),
    /** Machine clients become active through an initial access token. */
    async machineRegistrationHeaders() {
      const { token } = await admin('POST', '/initial-access-tokens', { expires_in: 3600, max_uses: null });
      return { Authorization: `Bearer ${token}` };
    },
    tokenRequest: (client) => clientCredentialsRequest('/token', client),
  };
}

/** @returns {Parameters<typeof import('../load/http-request.mjs').httpRequest>[0]} */
export function clientCredentialsRequest(tokenPath, { client_id: clientId, client_secret: secret }) {
  return {
    method: 'POST',
    path: tokenPath,
    headers: { ...basic(clientId, secret), 'Content-Type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope: SCOPE }).toString(),
  };
}

/** In production the start ends with a log line. */
function portFromLog(_child, logFile) {
  const port = /"port":(\d+).*"msg":"started"/.exec(readFileSync(logFile, 'utf8'))?.[1];
  return port === undefined ? undefined : Number(port);
}

/** In development it ends with the banner. */
function portFromBanner(_child, logFile) {
  const output = readFileSync(logFile, 'utf8');
  const port = /Issuer\s+http:\/\/localhost:(\d+)/.exec(output)?.[1];
  return port === undefined || !output.includes('Ctrl-C') ? undefined : Number(port);
}

async function requestJson(url, init) {
  const response = await fetch(url, init);
  const text = await response.text();
  if (!response.ok) throw new Error(`${init.method} ${url}: ${response.status} ${text}`);
  return JSON.parse(text);
}
