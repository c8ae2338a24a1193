import { generateKeyPairSync, type JsonWebKey } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { JsonValue } from '../../../contract/json.js';
import { jwksFault } from './json-web-keys.js';

const jwk = (key: { export(options: { format: 'jwk' }): JsonWebKey }) =>
  key.export({ format: 'jwk' }) as Record<string, string>;
const keySet = (...keys: unknown[]) => ({ keys }) as unknown as JsonValue;
const octets = (length: number, first = 0x80) =>
  Buffer.from([first, ...new Uint8Array(length - 1).fill(1)]).toString('base64url');

const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const ed25519 = generateKeyPairSync('ed25519');
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const weakRsa = generateKeyPairSync('rsa', { modulusLength: 1024 });
const ecPublic = jwk(ec.publicKey);
const rsaPublic = jwk(rsa.publicKey);
const paddedModulus = Buffer.concat([Buffer.from([0]), Buffer.from(octets(256), 'base64url')]).toString(
  'base64url',
);

describe('key sets that are accepted', () => {
  it.each([
    ['an EC key', ecPublic],
    ['an EC key on P-521', jwk(generateKeyPairSync('ec', { namedCurve: 'P-521' }).publicKey)],
    ['an Ed25519 key', jwk(ed25519.publicKey)],
    ['an RSA key of 2048 bits', rsaPublic],
    ['an RSA modulus with a leading zero octet', { ...rsaPublic, n: paddedModulus }],
    ['a key with the usual extras', { ...ecPublic, kid: 'k1', use: 'sig', alg: 'ES256', x5t: 'abc' }],
    ['a key with a certificate chain', { ...ecPublic, x5c: ['MII', 'MIJ'] }],
  ])('R-53 %s', (_, key) => {
    expect(jwksFault(keySet(key))).toBeNull();
  });

  it('R-12 ten keys, and no more', () => {
    const keys = Array.from({ length: 10 }, (_, index) => ({ ...ecPublic, kid: String(index) }));
    expect(jwksFault(keySet(...keys))).toBeNull();
    expect(jwksFault(keySet(...keys, ecPublic))).toBe('too_many_items');
  });
});

describe('key sets that are refused', () => {
  it.each([
    ['wrong_type', 'a string', '{}'],
    ['wrong_type', 'an array', []],
    ['keys_malformed', 'an object without keys', {}],
    ['keys_malformed', 'an empty set', { keys: [] }],
    ['keys_malformed', 'keys that are no array', { keys: {} }],
    ['keys_malformed', 'a key that is no object', keySet('x')],
    ['keys_malformed', 'a key that is null', keySet(null)],
    ['keys_malformed', 'a key without kty', keySet({ crv: 'P-256' })],
    ['keys_malformed', 'a kid that is a number', keySet({ ...ecPublic, kid: 1 })],
    ['keys_malformed', 'an empty kid', keySet({ ...ecPublic, kid: '' })],
    ['keys_malformed', 'a certificate chain that is no list', keySet({ ...ecPublic, x5c: 'MII' })],
    ['keys_malformed', 'a certificate chain of something else', keySet({ ...ecPublic, x5c: ['MII', ''] })],
    ['keys_malformed', 'an EC key without y', keySet({ ...ecPublic, y: undefined })],
    ['keys_malformed', 'an EC key with a short x', keySet({ ...ecPublic, x: octets(31) })],
    ['keys_malformed', 'an EC key in the wrong alphabet', keySet({ ...ecPublic, x: '+'.repeat(43) })],
    ['keys_malformed', 'an EC key without a curve', keySet({ ...ecPublic, crv: undefined })],
    ['keys_malformed', 'an OKP key without x', keySet({ kty: 'OKP', crv: 'Ed25519' })],
    ['keys_malformed', 'an RSA key without e', keySet({ ...rsaPublic, e: undefined })],
    ['keys_malformed', 'an RSA modulus of impossible length', keySet({ ...rsaPublic, n: 'A'.repeat(345) })],
    ['keys_unsupported', 'an unknown key type', keySet({ kty: 'XYZ' })],
    ['keys_unsupported', 'a kty that every object has', keySet({ kty: 'constructor' })],
    ['keys_unsupported', 'an unknown curve', keySet({ ...ecPublic, crv: 'P-192' })],
    ['keys_unsupported', 'an RSA key of 8200 bits', keySet({ ...rsaPublic, n: octets(1025) })],
    ['keys_unsupported', 'an RSA exponent of 72 bits', keySet({ ...rsaPublic, e: octets(9) })],
    ['keys_symmetric', 'a symmetric key', keySet({ kty: 'oct', k: 'AAAA' })],
    ['keys_private', 'a private EC key', keySet(jwk(ec.privateKey))],
    ['keys_private', 'a private Ed25519 key', keySet(jwk(ed25519.privateKey))],
    ['keys_private', 'a private RSA key', keySet(jwk(rsa.privateKey))],
    ['keys_private', 'one private member, even if null', keySet({ ...ecPublic, d: null })],
    ['keys_private', 'a private key after a public one', keySet(ecPublic, jwk(rsa.privateKey))],
    ['keys_weak', 'an RSA key of 1024 bits', keySet(jwk(weakRsa.publicKey))],
    ['keys_weak', 'an RSA key of 2047 bits', keySet({ ...rsaPublic, n: octets(256, 0x7f) })],
    [
      'keys_weak',
      'a short modulus padded with zeros',
      keySet({ ...rsaPublic, n: 'A'.repeat(400) + octets(129) }),
    ],
    ['keys_weak', 'a modulus of zeros', keySet({ ...rsaPublic, n: 'A'.repeat(400) })],
    ['keys_weak', 'the exponent 1', keySet({ ...rsaPublic, e: 'AQ' })],
  ])('R-53 %s: %s', (fault, _, value) => {
    expect(jwksFault(JSON.parse(JSON.stringify(value)) as JsonValue)).toBe(fault);
  });
});
