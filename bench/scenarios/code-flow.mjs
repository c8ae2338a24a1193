// The authorization code flow with PKCE, for users who are signed in and are asked for consent each time.
import { randomBytes, createHash } from 'node:crypto';
import { SCOPE, startClientele } from '../contestants/clientele.mjs';
import { startOidcProvider } from '../contestants/oidc-provider.mjs';
import { Browser } from './browser.mjs';
import { assertAccessToken } from './checks.mjs';
import { publicClients, registerClients } from './client-bodies.mjs';
import { compare } from './compare.mjs';
import { withContestants } from './with-contestants.mjs';

/** Each with a client and a user of its own. */
const SESSIONS = 100;

/** @type {import('./compare.mjs').Comparison} */
const codeFlows = {
  id: 'code-flow-32',
  title: 'authorization code flows with consent (five requests each), 100 sessions, 32 connections',
  connections: 32,
  notes: ['Clientele in development mode, because production has no sign-in by name; figures are per flow.'],
  async prepare(contestant) {
    await contestant.configureRealm();
    const clients = await registerClients(contestant, publicClients, SESSIONS);
    const sessions = [];
    for (const [n, client] of clients.entries()) sessions.push(await signIn(contestant, client, `user-${n}`));
    const { authorizePath, tokenPath, consent, pageOrigin } = contestant;
    return {
      workload: 'codeFlow',
      parameters: { sessions, authorizePath, tokenPath, scope: SCOPE, consent, pageOrigin },
      check: (sample) => assertAccessToken(sample, contestant),
    };
  },
};

/** Goes through sign-in and consent once, and keeps the session. */
async function signIn(contestant, client, user) {
  const redirectUri = client.redirect_uris[0];
  const browser = new Browser(contestant);
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: client.client_id,
    redirect_uri: redirectUri,
    scope: SCOPE,
    state: 'first',
    code_challenge: createHash('sha256').update(randomBytes(32)).digest('base64url'),
    code_challenge_method: 'S256',
  });
  const end = await browser.leave(`${contestant.authorizePath}?${query}`, (forms, page) =>
    contestant.answerPage(forms, page, user),
  );
  if (!end.searchParams.has('code')) throw new Error(`${contestant.name} issued no code: ${end.href}`);
  return { clientId: client.client_id, redirectUri, cookies: browser.cookies };
}

const startInDevelopment = (cluster, options) => startClientele(cluster, { ...options, development: true });

/** @param {object} context as `compare` takes it */
export function codeFlow(context) {
  return withContestants(
    context,
    'code-flow',
    [startInDevelopment, startOidcProvider],
    async (contestants) => [await compare(context, codeFlows, contestants)],
  );
}
