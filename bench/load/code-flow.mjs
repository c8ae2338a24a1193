// The authorization code flow with PKCE as a browser and a client go through it together, user signed in already.
import { createHash, randomBytes } from 'node:crypto';
import { httpRequest } from './http-request.mjs';

/**
 * @typedef {object} CodeFlowParameters
 * @property {readonly Session[]} sessions at least as many as there are connections
 * @property {string} authorizePath
 * @property {string} tokenPath
 * @property {string} scope
 * @property {{suffix: string, fields: Record<string, string>}} consent what is posted below the page's address
 * @property {string} pageOrigin the origin that the server's pages have
 */
/**
 * @typedef {object} Session
 * @property {string} clientId
 * @property {string} redirectUri
 * @property {Record<string, string>} cookies
 */

/**
 * Five requests: authorize, the consent page, its form, the way back, and the token for the code. A session is in one
 * flow at a time, because servers give it a new identifier in every flow.
 *
 * @param {CodeFlowParameters} parameters
 * @param {import('./connection.mjs').Target} target
 * @returns {import('./drive.mjs').Workload}
 */
export function codeFlow({ sessions, authorizePath, tokenPath, scope, consent, pageOrigin }, target) {
  const free = sessions.map((session) => ({ ...session, cookies: new Map(Object.entries(session.cookies)) }));
  const answer = new URLSearchParams(consent.fields).toString();

  const browse = (session, method, path, more = {}) => {
    const cookie = [...session.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const { headers, body } = more;
    return httpRequest(
      { method, path, headers: { Accept: 'text/html', Cookie: cookie, ...headers }, body },
      target,
    );
  };

  const authorize = (session) => {
    const verifier = randomBytes(32).toString('base64url');
    const query = new URLSearchParams({
      response_type: 'code',
      client_id: session.clientId,
      redirect_uri: session.redirectUri,
      scope,
      prompt: 'consent',
      state: randomBytes(8).toString('base64url'),
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
    });
    return {
      request: browse(session, 'GET', `${authorizePath}?${query}`),
      expected: 303,
      next({ head }) {
        keepCookies(session, head);
        return showConsent(session, locationOf(head).pathname, verifier);
      },
    };
  };

  const showConsent = (session, page, verifier) => ({
    request: browse(session, 'GET', page),
    expected: 200,
    next: () => allow(session, page, verifier),
  });

  const allow = (session, page, verifier) => ({
    request: browse(session, 'POST', `${page}${consent.suffix}`, {
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', Origin: pageOrigin },
      body: answer,
    }),
    expected: 303,
    next: ({ head }) => comeBack(session, locationOf(head).pathname, verifier),
  });

  const comeBack = (session, path, verifier) => ({
    request: browse(session, 'GET', path),
    expected: 303,
    next({ head }) {
      keepCookies(session, head);
      const code = locationOf(head).searchParams.get('code');
      if (code === null) throw new Error(`no code: ${head}`);
      return redeem(session, code, verifier);
    },
  });

  const redeem = (session, code, verifier) => ({
    request: httpRequest(
      {
        method: 'POST',
        path: tokenPath,
        headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({
          grant_type: 'authorization_code',
          code,
          redirect_uri: session.redirectUri,
          client_id: session.clientId,
          code_verifier: verifier,
        }).toString(),
      },
      target,
    ),
    expected: 200,
    next: () => void free.push(session),
  });

  return {
    begin() {
      const session = free.shift();
      if (!session) throw new Error('there are more connections than sessions');
      return authorize(session);
    },
  };
}

/** Addresses on the server may be relative; only what comes after the host matters. */
function locationOf(head) {
  return new URL(/\r\nlocation: *(\S+)/i.exec(head)?.[1] ?? '', 'https://server.example');
}

function keepCookies({ cookies }, head) {
  for (const [, name, value] of head.matchAll(/\r\nset-cookie: *([^=]+)=([^;\r]*)/gi)) {
    if (value === '') cookies.delete(name);
    else cookies.set(name, value);
  }
}
