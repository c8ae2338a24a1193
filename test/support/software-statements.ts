import { CompactSign, exportJWK, generateKeyPair, type CryptoKey } from 'jose';
import type { JsonObject } from '../../src/contract/json.js';
import type { StatementIssuer } from '../../src/contract/software-statement.js';

/** Somebody who issues software statements. */
export interface TestIssuer {
  readonly issuer: string;
  readonly algorithm: string;
  readonly privateKey: CryptoKey;
  readonly publicKey: JsonObject;
  /** As a realm's configuration names it. */
  trust(changes?: Partial<StatementIssuer>): StatementIssuer;
  /** Signs claims; `iss` is its own unless they say otherwise. */
  state(claims: JsonObject, header?: JsonObject): Promise<string>;
}

export async function anIssuer(issuer: string, algorithm = 'RS256', kid = 'k1'): Promise<TestIssuer> {
  const { publicKey, privateKey } = await generateKeyPair(algorithm, { extractable: true });
  const jwk: JsonObject = { ...((await exportJWK(publicKey)) as JsonObject), kid };
  return {
    issuer,
    algorithm,
    privateKey,
    publicKey: jwk,
    trust: (changes = {}) => ({ issuer, jwks: { keys: [jwk] }, ...changes }),
    state: (claims, header = {}) =>
      signed(JSON.stringify({ iss: issuer, ...claims }), privateKey, { alg: algorithm, kid, ...header }),
  };
}

/** A JWS over any text, in compact form. */
export function signed(payload: string, key: CryptoKey, header: JsonObject): Promise<string> {
  return new CompactSign(Buffer.from(payload, 'utf8'))
    .setProtectedHeader(header as { alg: string })
    .sign(key);
}

/** A JWS that nobody signed properly: header and claims as given, and any signature. */
export function forged(header: JsonObject, claims: JsonObject, signature = 'AAAA'): string {
  const part = (value: JsonObject) => Buffer.from(JSON.stringify(value), 'utf8').toString('base64url');
  return `${part(header)}.${part(claims)}.${signature}`;
}
