// The authorization server of the MCP TypeScript SDK with clients in memory. Listens on PORT.
import { InvalidGrantError } from '@modelcontextprotocol/sdk/server/auth/errors.js';
import { mcpAuthRouter } from '@modelcontextprotocol/sdk/server/auth/router.js';
import express from 'express';

const clients = new Map();
const refuse = () => Promise.reject(new InvalidGrantError('nobody signs in here'));
const provider = {
  clientsStore: {
    getClient: (clientId) => clients.get(clientId),
    registerClient(client) {
      clients.set(client.client_id, client);
      return client;
    },
  },
  /** Where an application would ask the user. */
  async authorize(_client, _parameters, response) {
    response.status(200).send('Allow?');
  },
  challengeForAuthorizationCode: refuse,
  exchangeAuthorizationCode: refuse,
  exchangeRefreshToken: refuse,
  verifyAccessToken: refuse,
};

const application = express();
application.use(
  mcpAuthRouter({
    provider,
    issuerUrl: new URL(`http://localhost:${process.env.PORT}`),
    clientRegistrationOptions: { rateLimit: false },
    authorizationOptions: { rateLimit: false },
    tokenOptions: { rateLimit: false },
  }),
);
const server = application.listen(Number(process.env.PORT), '127.0.0.1');
process.once('SIGTERM', () => {
  server.close(() => process.exit());
  server.closeAllConnections();
});
