// Prebuilt HTTP/1.1 requests. What a TLS-terminating proxy in front of a production server adds is in all of them.

/**
 * @param {object} request
 * @param {string} request.method
 * @param {string} request.path
 * @param {Record<string, string>} [request.headers]
 * @param {string} [request.body]
 * @param {import('./connection.mjs').Target} target
 * @returns {Buffer}
 */
export function httpRequest({ method, path, headers = {}, body }, target) {
  const all = {
    Host: `${target.host}:${target.port}`,
    'User-Agent': 'clientele-bench/1',
    Accept: '*/*',
    'X-Forwarded-For': '198.51.100.7',
    'X-Forwarded-Proto': 'https',
    ...headers,
    ...(body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(body)) }),
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body ?? ''}`);
}

/** The Authorization header of `client_secret_basic`. */
export function basic(clientId, secret) {
  const pair = `${encodeURIComponent(clientId)}:${encodeURIComponent(secret)}`;
  return { Authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
}
