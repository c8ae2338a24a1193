import type { JsonObject } from '../../contract/json.js';
import type { StatementIssuer } from '../../contract/software-statement.js';
import type { UnverifiedStatement } from './read-statement.js';

/** The algorithms that go with a key, by its type and, where it has one, its curve. */
const ALGORITHMS: ReadonlyMap<string, readonly string[]> = new Map([
  ['RSA', ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512']],
  ['EC P-256', ['ES256']],
  ['EC P-384', ['ES384']],
  ['EC P-521', ['ES512']],
  ['OKP Ed25519', ['EdDSA', 'Ed25519']],
]);

/**
 * The pinned keys of an issuer that may have signed a statement: those with its `kid`, or without any, whose type goes with
 * its algorithm. A key is never used with an algorithm of another kind.
 */
export function keysFor(
  { jwks, algorithms }: StatementIssuer,
  { algorithm, keyId }: UnverifiedStatement,
): readonly JsonObject[] {
  if (algorithms && !algorithms.includes(algorithm)) return [];
  return jwks.keys.filter(
    (key) =>
      (keyId === undefined || key['kid'] === undefined || key['kid'] === keyId) &&
      signatureAlgorithms(key).includes(algorithm),
  );
}

/** The algorithms with which a public key verifies; none for keys that are meant for something else. */
export function signatureAlgorithms(key: JsonObject): readonly string[] {
  const { kty, crv, alg, use, key_ops: operations } = key;
  if (use !== undefined && use !== 'sig') return [];
  if (operations !== undefined && !(Array.isArray(operations) && operations.includes('verify'))) return [];
  const kind = [kty, crv].filter((part) => typeof part === 'string').join(' ');
  const fitting = ALGORITHMS.get(kind) ?? [];
  return alg === undefined ? fitting : fitting.filter((each) => each === alg);
}
