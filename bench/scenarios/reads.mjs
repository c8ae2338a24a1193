// Client configuration reads (RFC 7592 section 2.1), each client with its own registration access token.
import { startClientele } from '../contestants/clientele.mjs';
import { startOidcProvider } from '../contestants/oidc-provider.mjs';
import { assertConfiguration } from './checks.mjs';
import { confidentialClients, registerClients } from './client-bodies.mjs';
import { compare } from './compare.mjs';
import { withContestants } from './with-contestants.mjs';

const CLIENTS = 1000;

/** @type {import('./compare.mjs').Comparison} */
const configurationReads = {
  id: 'reads-32',
  title: 'RFC 7592 reads, 1,000 clients, 32 connections',
  connections: 32,
  async prepare(contestant) {
    const clients = await registerClients(contestant, confidentialClients, CLIENTS);
    const ids = new Set(clients.map((client) => client.client_id));
    return {
      workload: 'requestsInTurn',
      parameters: { requests: clients.map(contestant.readRequest), expected: 200 },
      check: (sample) => assertConfiguration(sample, ids),
    };
  },
};

/** @param {object} context as `compare` takes it */
export function reads(context) {
  return withContestants(context, 'reads', [startClientele, startOidcProvider], async (contestants) => [
    await compare(context, configurationReads, contestants),
  ]);
}
