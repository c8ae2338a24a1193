import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { MasterKey } from './master-key.js';

const secret = randomBytes(32);
const masterKey = new MasterKey(secret);
/** What AES-GCM says of a tag that does not fit, and of input too short to have one. */
const REFUSED = /unable to authenticate data|Invalid (authentication tag|initialization vector)/;
const plaintext = Buffer.from('a key that the service made for itself');

describe('a wrapped key', () => {
  test('is what it was after unwrapping, also by another instance with the same master key', () => {
    const wrapped = masterKey.wrap('sealing', 'k1', plaintext);
    expect(masterKey.unwrap('sealing', 'k1', wrapped)).toEqual(plaintext);
    expect(new MasterKey(Buffer.from(secret)).unwrap('sealing', 'k1', wrapped)).toEqual(plaintext);
  });

  test('of no bytes at all is one too', () => {
    expect(masterKey.unwrap('p', 'n', masterKey.wrap('p', 'n', Buffer.alloc(0)))).toEqual(Buffer.alloc(0));
  });

  test('is never the same twice, and does not show what is in it', () => {
    const [one, other] = [masterKey.wrap('p', 'n', plaintext), masterKey.wrap('p', 'n', plaintext)];
    expect(one.equals(other)).toBe(false);
    expect(one.includes(plaintext)).toBe(false);
    expect(one.length).toBe(12 + plaintext.length + 16);
  });

  test.each([
    ['another purpose', () => masterKey.unwrap('cookies', 'k1', masterKey.wrap('sealing', 'k1', plaintext))],
    ['another name', () => masterKey.unwrap('sealing', 'k2', masterKey.wrap('sealing', 'k1', plaintext))],
    [
      'purpose and name that only together spell the same',
      () => masterKey.unwrap('sealing:k', '1', masterKey.wrap('sealing', 'k:1', plaintext)),
    ],
    [
      'another master key',
      () =>
        new MasterKey(randomBytes(32)).unwrap('sealing', 'k1', masterKey.wrap('sealing', 'k1', plaintext)),
    ],
  ])('cannot be unwrapped under %s', (_, unwrap) => {
    expect(unwrap).toThrow(REFUSED);
  });

  test('cannot be unwrapped when any one byte of it was altered', () => {
    const wrapped = masterKey.wrap('sealing', 'k1', plaintext);
    for (let at = 0; at < wrapped.length; at++) {
      const altered = Buffer.from(wrapped);
      altered[at]! ^= 1;
      expect(() => masterKey.unwrap('sealing', 'k1', altered)).toThrow(REFUSED);
    }
  });

  test('cannot be unwrapped when it was cut short, however short', () => {
    const wrapped = masterKey.wrap('sealing', 'k1', plaintext);
    for (let length = 0; length < wrapped.length; length++) {
      expect(() => masterKey.unwrap('sealing', 'k1', wrapped.subarray(0, length))).toThrow(REFUSED);
    }
  });
});

describe('a master key', () => {
  test('of fewer than 32 bytes is refused', () => {
    expect(() => new MasterKey(Buffer.alloc(31))).toThrow(RangeError);
  });
});
