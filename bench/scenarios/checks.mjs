// Whether an answer is what it should be, beyond its status.
import { createPublicKey, verify } from 'node:crypto';

/** RFC 7591 section 3.2.1. */
export function assertRegistered({ body }, { confidential }) {
  const client = JSON.parse(body);
  if (typeof client.client_id !== 'string') throw new Error(`a registration without client_id: ${body}`);
  const hasSecret = typeof client.client_secret === 'string';
  if (hasSecret !== confidential) throw new Error(`a secret where none belongs, or the reverse: ${body}`);
}

/** RFC 7592 section 2.1: the same client, with its metadata. */
export function assertConfiguration({ body }, clientIds) {
  const client = JSON.parse(body);
  if (!clientIds.has(client.client_id)) throw new Error(`not the configuration of a known client: ${body}`);
  if (!Array.isArray(client.redirect_uris)) throw new Error(`a configuration without metadata: ${body}`);
}

/**
 * That an access token is a JWT for the resource, signed with ES256 by a key of the server's.
 *
 * @param {{body: string}} sample the token endpoint's answer
 * @param {{origin: string, jwksPath: string, resource: string}} contestant
 */
export async function assertAccessToken({ body }, { origin, jwksPath, resource }) {
  const token = JSON.parse(body).access_token;
  const [header, payload, signature] = String(token).split('.');
  if (signature === undefined) throw new Error(`the access token is no JWT: ${body}`);
  const { alg, kid } = decode(header);
  const { aud, exp } = decode(payload);
  const response = await fetch(`${origin}${jwksPath}`, { headers: { 'X-Forwarded-Proto': 'https' } });
  const { keys } = await response.json();
  const jwk = keys.find((key) => key.kid === kid);
  if (alg !== 'ES256' || jwk === undefined) throw new Error(`the token is signed by ${alg} with ${kid}`);
  const key = createPublicKey({ key: jwk, format: 'jwk' });
  const signed = Buffer.from(`${header}.${payload}`);
  const bytes = Buffer.from(signature, 'base64url');
  if (!verify('sha256', signed, { key, dsaEncoding: 'ieee-p1363' }, bytes))
    throw new Error('the signature of the access token does not verify');
  if (aud !== resource || exp * 1000 < Date.now()) throw new Error(`the token is for ${aud}, until ${exp}`);
}

function decode(part) {
  return JSON.parse(Buffer.from(part, 'base64url').toString());
}
