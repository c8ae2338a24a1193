import { randomBytes } from 'node:crypto';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';
import type { MasterKey } from '../../../platform/crypto/master-key.js';
import { SIGNING_ALGORITHM } from '../provider/offered.js';

/** Purposes that the master key wraps keys for. */
export const SIGNING = 'signing-key';
export const COOKIES = 'cookie-key';

/** A signing key as it is stored. */
export interface NewSigningKey {
  /** RFC 7638 thumbprint. */
  readonly kid: string;
  readonly publicJwk: JWK;
  readonly wrapped: Buffer;
}

/** A cookie key as it is stored. */
export interface NewCookieKey {
  readonly id: string;
  readonly wrapped: Buffer;
}

/** Makes a signing key for a realm. */
export async function newSigningKey(realm: string, masterKey: MasterKey): Promise<NewSigningKey> {
  const { privateKey, publicKey } = await generateKeyPair(SIGNING_ALGORITHM, { extractable: true });
  const kid = await calculateJwkThumbprint(await exportJWK(publicKey));
  const named = { kid, use: 'sig', alg: SIGNING_ALGORITHM };
  const privateJwk = Buffer.from(JSON.stringify({ ...(await exportJWK(privateKey)), ...named }), 'utf8');
  return {
    kid,
    publicJwk: { ...(await exportJWK(publicKey)), ...named },
    wrapped: masterKey.wrap(SIGNING, `${realm}:${kid}`, privateJwk),
  };
}

/** Makes a cookie key for a realm. */
export function newCookieKey(realm: string, masterKey: MasterKey): NewCookieKey {
  const id = randomBytes(8).toString('hex');
  return { id, wrapped: masterKey.wrap(COOKIES, `${realm}:${id}`, randomBytes(32)) };
}
