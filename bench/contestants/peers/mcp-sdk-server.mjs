// The registration handler of the official MCP TypeScript SDK, with clients kept in memory as its own examples do.
import { clientRegistrationHandler } from '@modelcontextprotocol/sdk/server/auth/handlers/register.js';
import express from 'express';

const clients = new Map();
const clientsStore = {
  getClient: (clientId) => clients.get(clientId),
  registerClient(client) {
    clients.set(client.client_id, client);
    return client;
  },
};

const application = express();
application.use('/register', clientRegistrationHandler({ clientsStore, rateLimit: false }));
const server = application.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
process.once('disconnect', () => process.exit());
