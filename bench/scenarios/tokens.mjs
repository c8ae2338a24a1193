// Access tokens for machine clients: client_credentials, ES256 JWTs.
import { startClientele } from '../contestants/clientele.mjs';
import { startOidcProvider } from '../contestants/oidc-provider.mjs';
import { assertAccessToken } from './checks.mjs';
import { machineClients, registerClients } from './client-bodies.mjs';
import { compare } from './compare.mjs';
import { withContestants } from './with-contestants.mjs';

const CLIENTS = 1000;

/** @type {import('./compare.mjs').Comparison} */
const clientCredentials = {
  id: 'tokens-32',
  title: 'client_credentials tokens, 1,000 clients, 32 connections',
  connections: 32,
  async prepare(contestant) {
    await contestant.configureRealm();
    const headersFor = contestant.machineRegistrationHeaders;
    const clients = await registerClients(contestant, machineClients, CLIENTS, headersFor);
    return {
      workload: 'requestsInTurn',
      parameters: { requests: clients.map(contestant.tokenRequest), expected: 200 },
      check: (sample) => assertAccessToken(sample, contestant),
    };
  },
};

/** @param {object} context as `compare` takes it */
export function tokens(context) {
  return withContestants(context, 'tokens', [startClientele, startOidcProvider], async (contestants) => [
    await compare(context, clientCredentials, contestants),
  ]);
}
