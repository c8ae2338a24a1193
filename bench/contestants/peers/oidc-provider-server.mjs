// oidc-provider with dynamic registration, client credentials and JWT access tokens, on PostgreSQL.
// A process of its own; DATABASE_URL and CONNECTIONS come from the environment.
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import Provider, { interactionPolicy } from 'oidc-provider';
import { postgresAdapter } from './postgres-adapter.mjs';

const RESOURCE = 'https://mcp.example/api';
const SCOPE = 'mcp:tools';
const FIVE_MINUTES = 5 * 60;

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const signingKey = { ...privateKey.export({ format: 'jwk' }), alg: 'ES256', use: 'sig', kid: 'bench' };

const provider = new Provider('https://peer.example', {
  adapter: await postgresAdapter(process.env.DATABASE_URL, Number(process.env.CONNECTIONS)),
  jwks: { keys: [signingKey] },
  cookies: { keys: [randomBytes(32).toString('base64url')] },
  scopes: ['openid', 'offline_access', SCOPE],
  clientDefaults: { id_token_signed_response_alg: 'ES256' },
  pkce: { required: () => true },
  interactions: { policy: interactionPolicy.base() },
  findAccount: (_context, sub) => ({ accountId: sub, claims: () => ({ sub }) }),
  issueRefreshToken: (_context, client) => client.grantTypeAllowed('refresh_token'),
  ttl: {
    AccessToken: FIVE_MINUTES,
    ClientCredentials: FIVE_MINUTES,
    AuthorizationCode: 60,
    RefreshToken: 30 * 24 * 3600,
    Grant: 12 * 3600,
    Session: 12 * 3600,
    Interaction: 3600,
    IdToken: FIVE_MINUTES,
  },
  features: {
    // Its sign-in pages accept any name, which is what the code flow needs to get a session.
    devInteractions: { enabled: true },
    registration: { enabled: true },
    registrationManagement: { enabled: true },
    clientCredentials: { enabled: true },
    userinfo: { enabled: false },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => RESOURCE,
      useGrantedResource: () => true,
      getResourceServerInfo: () => ({
        scope: SCOPE,
        audience: RESOURCE,
        accessTokenFormat: 'jwt',
        accessTokenTTL: FIVE_MINUTES,
        jwt: { sign: { alg: 'ES256' } },
      }),
    },
  },
});
provider.proxy = true;
provider.on('server_error', (_context, error) => console.error(error));

const handle = provider.callback();
const server = createServer((request, response) => void handle(request, response));
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
process.once('disconnect', () => process.exit());
