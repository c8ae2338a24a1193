// Registration bodies as shipping MCP clients send them; names differ, so that no two in a row are the same.

const VARIANTS = 64;

const variants = (body) => Array.from({ length: VARIANTS }, (_, n) => JSON.stringify(body(n)));

/** A native client without a secret, e.g. an editor or a command line: most of what registers dynamically. */
export const publicClients = variants((n) => ({
  client_name: `Weather agent ${n}`,
  redirect_uris: ['http://localhost/callback'],
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code'],
  token_endpoint_auth_method: 'none',
}));

/** A web application with a secret. */
export const confidentialClients = variants((n) => ({
  client_name: `Field notes ${n}`,
  client_uri: `https://notes-${n}.example.org`,
  redirect_uris: [`https://notes-${n}.example.org/oauth/callback`],
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code'],
  token_endpoint_auth_method: 'client_secret_basic',
}));

/** A service without users. */
export const machineClients = variants((n) => ({
  client_name: `Nightly report ${n}`,
  redirect_uris: [],
  grant_types: ['client_credentials'],
  response_types: [],
  token_endpoint_auth_method: 'client_secret_basic',
}));

/** @returns {Parameters<typeof import('../load/http-request.mjs').httpRequest>[0][]} */
export function registrationRequests(contestant, bodies, headers = {}) {
  return bodies.map((body) => ({
    method: 'POST',
    path: contestant.register.path,
    headers: { 'Content-Type': 'application/json', ...headers },
    body,
  }));
}

const IN_FLIGHT = 16;

/**
 * Registers clients before the clock starts.
 *
 * @param {{origin: string, name: string, register: {path: string}}} contestant
 * @param {readonly string[]} bodies used in turn
 * @param {number} count
 * @param {() => Promise<Record<string, string>>} [headersFor] asked by each that registers beside the others
 * @returns {Promise<Record<string, unknown>[]>} the registration answers
 */
export async function registerClients(contestant, bodies, count, headersFor = async () => ({})) {
  const clients = [];
  let begun = 0;
  const register = async () => {
    const headers = await headersFor();
    while (begun < count) {
      const body = bodies[begun % bodies.length];
      begun += 1;
      const response = await fetch(`${contestant.origin}${contestant.register.path}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'X-Forwarded-Proto': 'https', ...headers },
        body,
      });
      const text = await response.text();
      if (response.status !== 201)
        throw new Error(`${contestant.name} refused a registration: ${response.status} ${text}`);
      clients.push(JSON.parse(text));
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, register));
  return clients;
}
