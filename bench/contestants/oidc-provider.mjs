// oidc-provider on PostgreSQL; the server itself is peers/oidc-provider-server.mjs.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { clientCredentialsRequest, RESOURCE } from './clientele.mjs';
import { startServer } from './server-process.mjs';

const SCRIPT = fileURLToPath(new URL('peers/oidc-provider-server.mjs', import.meta.url));
/** What `pg` takes unless told otherwise, and Clientele as well. */
const CONNECTIONS = '10';

/**
 * @param {import('./cluster.mjs').Cluster} cluster
 * @param {{database: string}} options
 */
export async function startOidcProvider(cluster, { database }) {
  const databaseUrl = await cluster.createDatabase(database);
  const server = await startServer(
    {
      name: 'oidc-provider',
      script: SCRIPT,
      environment: { DATABASE_URL: databaseUrl, CONNECTIONS },
      logFile: path.join(cluster.folder, `${database}.log`),
    },
    (child) => child.announcedPort,
  );
  return {
    ...server,
    name: 'oidc-provider',
    target: { host: '127.0.0.1', port: server.port },
    origin: `http://127.0.0.1:${server.port}`,
    databaseUrl,
    database,
    register: { path: '/reg' },
    authorizePath: '/auth',
    tokenPath: '/token',
    jwksPath: '/jwks',
    pageOrigin: `https://127.0.0.1:${server.port}`,
    consent: { suffix: '', fields: { prompt: 'consent' } },
    answerPage: ([action], page, user) => ({
      action,
      fields: page.includes('value="login"')
        ? { prompt: 'login', login: user, password: user }
        : { prompt: 'consent' },
    }),
    resource: RESOURCE,
    readRequest: ({ client_id: clientId, registration_access_token: token }) => ({
      method: 'GET',
      path: `/reg/${clientId}`,
      headers: { Authorization: `Bearer ${token}` },
    }),
    configureRealm: async () => undefined,
    machineRegistrationHeaders: async () => ({}),
    tokenRequest: (client) => clientCredentialsRequest('/token', client),
  };
}
