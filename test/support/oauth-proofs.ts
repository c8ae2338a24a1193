import { randomUUID } from 'node:crypto';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWTHeaderParameters, SignJWT } from 'jose';

/** The key that a client binds its tokens to (RFC 9449). */
export interface ProofKey {
  /** `cnf.jkt` of every token bound to it. */
  readonly thumbprint: string;
  /** The header of a request to an endpoint; a fresh proof unless its `jti` is given. */
  proof(address: string, changes?: ProofChanges): Promise<{ readonly DPoP: string }>;
}

export interface ProofChanges {
  readonly claims?: Record<string, unknown>;
  readonly header?: Partial<JWTHeaderParameters>;
}

export async function proofKey(algorithm = 'ES256'): Promise<ProofKey> {
  const { privateKey, publicKey } = await generateKeyPair(algorithm);
  const jwk = await exportJWK(publicKey);
  return {
    thumbprint: await calculateJwkThumbprint(jwk),
    async proof(address, { claims, header } = {}) {
      const jwt = new SignJWT({
        jti: randomUUID(),
        htm: 'POST',
        htu: address,
        iat: Math.floor(Date.now() / 1000),
        ...claims,
      }).setProtectedHeader({ typ: 'dpop+jwt', alg: algorithm, jwk, ...header });
      return { DPoP: await jwt.sign(privateKey) };
    },
  };
}

/** The key of a client that signs assertions or requests. */
export interface ClientKey {
  /** For the client's metadata. */
  readonly jwks: { readonly keys: readonly Record<string, unknown>[] };
  sign(claims: Record<string, unknown>, header?: Partial<JWTHeaderParameters>): Promise<string>;
}

export async function clientKey(algorithm = 'ES256'): Promise<ClientKey> {
  const { privateKey, publicKey } = await generateKeyPair(algorithm);
  const jwk = { ...(await exportJWK(publicKey)), kid: 'k1', alg: algorithm };
  return {
    jwks: { keys: [jwk] },
    sign: (claims, header) =>
      new SignJWT(claims).setProtectedHeader({ alg: algorithm, kid: 'k1', ...header }).sign(privateKey),
  };
}
