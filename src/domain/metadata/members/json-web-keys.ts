import type { JsonObject, JsonValue } from '../../../contract/json.js';
import type { KeyFault, ValueFault } from '../rejection/metadata-fault.js';
import { METADATA_LIMITS } from './metadata-limits.js';

/** Members that only a private or symmetric key has (RFC 7518 section 6, RFC 9964). */
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv'];

/** Octets of one coordinate of a point, by elliptic curve (RFC 7518 section 6.2.1, RFC 8812). */
const EC_COORDINATE_OCTETS = new Map([
  ['P-256', 32],
  ['P-384', 48],
  ['P-521', 66],
  ['secp256k1', 32],
]);

/** Octets of a public key, by subtype (RFC 8037 section 2). */
const OKP_KEY_OCTETS = new Map([
  ['Ed25519', 32],
  ['Ed448', 57],
  ['X25519', 32],
  ['X448', 56],
]);

const MIN_RSA_BITS = 2048;
/** A larger modulus, or a long exponent, only makes every verification dear. */
const MAX_RSA_BITS = 8192;
const MAX_RSA_EXPONENT_BITS = 64;

const BASE64URL = /^[A-Za-z0-9_-]+$/;
const BASE64URL_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** How each key type is judged; a key of any other type is refused. */
const KEY_TYPES: ReadonlyMap<string, (key: JsonObject) => KeyFault | null> = new Map([
  ['EC', ellipticCurveFault],
  ['OKP', octetKeyPairFault],
  ['RSA', rsaFault],
  ['oct', (): KeyFault => 'keys_symmetric'],
]);

/**
 * Judges a JWK Set (RFC 7517 section 5): public keys only, of a known type, complete and strong enough. The points
 * and moduli themselves are not verified here; a nonsense key merely verifies nothing.
 *
 * @param value the `jwks` member, any JSON value
 */
export function jwksFault(value: JsonValue): KeyFault | ValueFault | null {
  if (!isObject(value)) return 'wrong_type';
  const keys = value['keys'];
  if (!Array.isArray(keys) || keys.length === 0) return 'keys_malformed';
  if (keys.length > METADATA_LIMITS.items) return 'too_many_items';
  for (const key of keys as readonly JsonValue[]) {
    const fault = keyFault(key);
    if (fault !== null) return fault;
  }
  return null;
}

function keyFault(key: JsonValue): KeyFault | null {
  if (!isObject(key) || typeof key['kty'] !== 'string') return 'keys_malformed';
  const judge = KEY_TYPES.get(key['kty']);
  if (judge === undefined) return 'keys_unsupported';
  if (key['kty'] !== 'oct' && PRIVATE_MEMBERS.some((name) => Object.hasOwn(key, name))) return 'keys_private';
  if (!['kid', 'alg', 'use'].every((name) => key[name] === undefined || isText(key[name])))
    return 'keys_malformed';
  const chain = key['x5c'];
  if (chain !== undefined && !(Array.isArray(chain) && chain.every(isText))) return 'keys_malformed';
  return judge(key);
}

/** The token endpoint takes no key set in which one of these is anything else. */
function isText(value: JsonValue | undefined): boolean {
  return typeof value === 'string' && value !== '';
}

function ellipticCurveFault(key: JsonObject): KeyFault | null {
  if (typeof key['crv'] !== 'string') return 'keys_malformed';
  const octets = EC_COORDINATE_OCTETS.get(key['crv']);
  if (octets === undefined) return 'keys_unsupported';
  return octetCount(key['x']) === octets && octetCount(key['y']) === octets ? null : 'keys_malformed';
}

function octetKeyPairFault(key: JsonObject): KeyFault | null {
  if (typeof key['crv'] !== 'string') return 'keys_malformed';
  const octets = OKP_KEY_OCTETS.get(key['crv']);
  if (octets === undefined) return 'keys_unsupported';
  return octetCount(key['x']) === octets ? null : 'keys_malformed';
}

function rsaFault(key: JsonObject): KeyFault | null {
  const modulus = bitLength(key['n']);
  const exponent = bitLength(key['e']);
  if (modulus === null || exponent === null) return 'keys_malformed';
  if (modulus < MIN_RSA_BITS || exponent < 2) return 'keys_weak';
  return modulus > MAX_RSA_BITS || exponent > MAX_RSA_EXPONENT_BITS ? 'keys_unsupported' : null;
}

/** The octets that a base64url text stands for; null if it is none. */
function octetCount(text: JsonValue | undefined): number | null {
  if (typeof text !== 'string' || !BASE64URL.test(text) || text.length % 4 === 1) return null;
  return Math.floor((text.length * 3) / 4);
}

/** The bits of the unsigned integer that a base64url text stands for, leading zeros not counted; null if it is none. */
function bitLength(text: JsonValue | undefined): number | null {
  const octets = octetCount(text);
  if (octets === null) return null;
  const digits = text as string;
  const leading = digits.search(/[^A]/);
  if (leading < 0) return 0;
  const firstDigit = BASE64URL_ALPHABET.indexOf(digits.charAt(leading));
  return octets * 8 - leading * 6 - (Math.clz32(firstDigit) - 26);
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
