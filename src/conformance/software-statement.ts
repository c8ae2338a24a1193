import { createPrivateKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';

/** Makes a software statement (RFC 7591 section 2.3) of some claims. */
export type StatementSigner = (claims: Readonly<Record<string, unknown>>) => string;

interface Algorithm {
  readonly name: string;
  readonly digest: string | null;
}

/**
 * Signs with a key that the server under test trusts.
 *
 * @param key a private key in PEM or as a JSON Web Key
 * @param issuer the `iss` that the server knows it by
 * @throws Error when it is no such key
 */
export function createStatementSigner(key: string, issuer: string): StatementSigner {
  const jwk = key.trimStart().startsWith('{') ? (JSON.parse(key) as Record<string, unknown>) : undefined;
  const privateKey =
    jwk === undefined ? createPrivateKey(key) : createPrivateKey({ key: jwk as never, format: 'jwk' });
  const kid = typeof jwk?.['kid'] === 'string' ? { kid: jwk['kid'] } : {};
  return (claims) => signed(privateKey, kid, { iss: issuer, ...claims });
}

/** Signs with a key that nobody knows. */
export const signByStranger: StatementSigner = (claims) =>
  signed(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey, { kid: 'conformance' }, claims);

/** A statement without a signature: `alg` is `none`. */
export const unsigned: StatementSigner = (claims) => `${part({ alg: 'none', typ: 'JWT' })}.${part(claims)}.`;

function signed(key: KeyObject, header: object, claims: object): string {
  const { name, digest } = algorithmOf(key);
  const input = `${part({ alg: name, typ: 'JWT', ...header })}.${part(claims)}`;
  const signature = sign(digest, Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' });
  return `${input}.${signature.toString('base64url')}`;
}

function algorithmOf(key: KeyObject): Algorithm {
  switch (key.asymmetricKeyType) {
    case 'rsa':
      return { name: 'RS256', digest: 'sha256' };
    case 'ec':
      return key.asymmetricKeyDetails?.namedCurve === 'secp384r1'
        ? { name: 'ES384', digest: 'sha384' }
        : { name: 'ES256', digest: 'sha256' };
    case 'ed25519':
      return { name: 'EdDSA', digest: null };
    default:
      throw new Error(`a key of type ${key.asymmetricKeyType ?? 'secret'} signs no software statement here`);
  }
}

function part(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
