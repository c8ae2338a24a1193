// Dynamic registration (RFC 7591), public and confidential clients.
import { startClientele } from '../contestants/clientele.mjs';
import { startMcpSdk } from '../contestants/mcp-sdk.mjs';
import { startOidcProvider } from '../contestants/oidc-provider.mjs';
import { assertRegistered } from './checks.mjs';
import { confidentialClients, publicClients, registrationRequests } from './client-bodies.mjs';
import { compare } from './compare.mjs';
import { withContestants } from './with-contestants.mjs';

const kinds = [
  { kind: 'public', bodies: publicClients, confidential: false },
  { kind: 'confidential', bodies: confidentialClients, confidential: true },
];

/** @type {import('./compare.mjs').Comparison[]} */
export const registrations = [32, 1].flatMap((connections) =>
  kinds.map(({ kind, bodies, confidential }) => ({
    id: `registration-${kind}-${connections}`,
    title: `registration, ${kind}, ${connections === 1 ? '1 connection' : `${connections} connections`}`,
    connections,
    prepare: async (contestant) => ({
      workload: 'requestsInTurn',
      parameters: { requests: registrationRequests(contestant, bodies), expected: 201 },
      check: (sample) => assertRegistered(sample, { confidential }),
    }),
  })),
);

/** @param {object} context as `compare` takes it */
export function registration(context) {
  const starts = [startClientele, startOidcProvider, startMcpSdk];
  return withContestants(context, 'registration', starts, async (contestants) => {
    const results = [];
    for (const comparison of registrations) results.push(await compare(context, comparison, contestants));
    return results;
  });
}
