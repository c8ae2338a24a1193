// What the load generator can be asked to do. Requests are built before the clock starts, and reused.
import { createHash, randomBytes } from 'node:crypto';
import { httpRequest } from './http-request.mjs';

/**
 * Sends some requests in turn, all of them to be answered with one status.
 *
 * @param {{requests: readonly Parameters<typeof httpRequest>[0][], expected: number}} parameters
 * @param {import('./connection.mjs').Target} target
 * @returns {import('./drive.mjs').Workload}
 */
function requestsInTurn({ requests, expected }, target) {
  const flows = requests.map((request) => ({ request: httpRequest(request, target), expected }));
  let next = 0;
  return {
    begin() {
      const flow = flows[next];
      next = next + 1 === flows.length ? 0 : next + 1;
      return flow;
    },
  };
}

/**
 * The authorization code flow with PKCE of clients whose user is signed in and has consented: authorize, then token.
 *
 * @param {{sessions: readonly {clientId: string, redirectUri: string, cookie: string}[], authorizePath: string,
 *   tokenPath: string, scope: string, resource: string | undefined}} parameters
 * @param {import('./connection.mjs').Target} target
 * @returns {import('./drive.mjs').Workload}
 */
function codeFlow({ sessions, authorizePath, tokenPath, scope, resource }, target) {
  let next = 0;
  return {
    begin() {
      const { clientId, redirectUri, cookie } = sessions[next % sessions.length];
      next += 1;
      const verifier = randomBytes(32).toString('base64url');
      const query = new URLSearchParams({
        response_type: 'code',
        client_id: clientId,
        redirect_uri: redirectUri,
        scope,
        ...(resource === undefined ? {} : { resource }),
        state: randomBytes(8).toString('base64url'),
        code_challenge: createHash('sha256').update(verifier).digest('base64url'),
        code_challenge_method: 'S256',
      });
      const authorize = { method: 'GET', path: `${authorizePath}?${query}`, headers: { Cookie: cookie } };
      return {
        request: httpRequest(authorize, target),
        expected: 303,
        next({ head }) {
          const location = /\r\nlocation: *(\S+)/i.exec(head)?.[1] ?? '';
          const code = URL.canParse(location) ? new URL(location).searchParams.get('code') : null;
          if (code === null) throw new Error(`no code: ${head}`);
          const form = new URLSearchParams({
            grant_type: 'authorization_code',
            code,
            redirect_uri: redirectUri,
            client_id: clientId,
            code_verifier: verifier,
          });
          return { request: httpRequest(formPost(tokenPath, form), target), expected: 200 };
        },
      };
    },
  };
}

/** @returns {Parameters<typeof httpRequest>[0]} */
function formPost(path, form) {
  return {
    method: 'POST',
    path,
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    body: form.toString(),
  };
}

export const workloads = { requestsInTurn, codeFlow };
