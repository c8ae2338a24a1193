import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { entityTag, ifMatchHolds, readIfMatch } from './if-match.js';

const holds = (header: string | undefined, version = 3): boolean | 'malformed' => {
  const ifMatch = readIfMatch(header);
  return ifMatch?.kind === 'malformed' ? 'malformed' : ifMatchHolds(ifMatch, version);
};

describe('M-28 If-Match', () => {
  test.each([
    ['left out', undefined, true],
    ['anything', '*', true],
    ['anything, with blanks', ' * ', true],
    ['the tag', '"3"', true],
    ['the tag among others', '"1", "3"', true],
    ['the tag without blanks', '"1","3","4"', true],
    ['the tag between empty elements', ', ,"3" ,,', true],
    ['another tag', '"4"', false],
    ['another spelling of the number', '"03"', false],
    ['a tag that contains a comma', '"1,3"', false],
    ['the empty tag', '""', false],
    ['a weak tag, which is never strong (RFC 9110 section 8.8.3.2)', 'W/"3"', false],
    ['a weak tag beside the strong one', 'W/"2", "3"', true],
    ['a tag beyond ASCII', '"\u00fc"', false],
  ])('%s', (_, header, expected) => {
    expect(holds(header)).toBe(expected);
  });

  test.each([
    '',
    ' ',
    ',',
    '3',
    '"3',
    '3"',
    '"3" "4"',
    '"3";',
    '*, "3"',
    '"3", *',
    'w/"3"',
    'W/ "3"',
    '"a b"',
  ])('%j is malformed', (header) => {
    expect(holds(header)).toBe('malformed');
  });

  test('holds for a version exactly when its tag is in the list', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20), { minLength: 1 }), fc.nat(20), (versions, version) => {
        expect(holds(versions.map(entityTag).join(', '), version)).toBe(versions.includes(version));
      }),
    );
  });

  test('whatever comes, is read in a time that grows with its length only', () => {
    const long = `${' '.repeat(16_000)}x`;
    expect(holds(long)).toBe('malformed');
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii' }), (header) => {
        expect(['malformed', true, false]).toContain(holds(header));
      }),
    );
  });
});
