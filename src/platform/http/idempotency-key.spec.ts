import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { presentedIdempotencyKey } from './idempotency-key.js';

describe('an Idempotency-Key header', () => {
  test('that is missing is no key and no fault', () => {
    expect(presentedIdempotencyKey(undefined)).toBeNull();
  });

  test.each([
    ['"8e03978e-40d5-43dd-bc93-6894a57f9324"', '8e03978e-40d5-43dd-bc93-6894a57f9324'],
    ['8e03978e-40d5-43dd-bc93-6894a57f9324', '8e03978e-40d5-43dd-bc93-6894a57f9324'],
    ['  "a b"  ', 'a b'],
    [String.raw`"a\"b\\c"`, String.raw`a"b\c`],
    ['a"b', 'a"b'],
    ['k'.repeat(255), 'k'.repeat(255)],
  ])('%s is the key %s', (header, key) => {
    expect(presentedIdempotencyKey(header)).toEqual({ ok: true, key });
  });

  test.each([
    '',
    '""',
    '"',
    'a b',
    '"a"b"',
    String.raw`"a\b"`,
    '"a";v=1',
    '"a", "b"',
    'caf\u00e9',
    '"tab\there"',
    'k'.repeat(256),
    `"${'k'.repeat(256)}"`,
  ])('%j is none', (header) => {
    expect(presentedIdempotencyKey(header)).toMatchObject({ ok: false });
  });

  test('that came twice is none', () => {
    expect(presentedIdempotencyKey(['"a"', '"b"'])).toMatchObject({ ok: false });
  });

  test('round-trips every key of printable ASCII in quotation marks', () => {
    const printable = fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code));
    fc.assert(
      fc.property(fc.string({ unit: printable, minLength: 1, maxLength: 255 }), (key) => {
        const header = `"${key.replaceAll(/["\\]/g, '\\$&')}"`;
        expect(presentedIdempotencyKey(header)).toEqual({ ok: true, key });
      }),
    );
  });
});
