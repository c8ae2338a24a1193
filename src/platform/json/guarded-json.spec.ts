import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_JSON_LIMITS, type JsonFaultKind } from './json-fault.js';
import { parseGuardedJson, parseGuardedObject } from './guarded-json.js';

const parse = (text: string) => parseGuardedJson(Buffer.from(text));
const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
const members = (count: number) =>
  `{${Array.from({ length: count }, (_, index) => `"m${index}":1`).join(',')}}`;

describe('what the JSON guard lets through', () => {
  it.each([
    ['a lone value', ' "text"\n'],
    ['an empty object', '{}'],
    ['an empty array', '[ ]'],
    ['every literal', '[true,false,null]'],
    ['numbers of every form', '[0,-0,12,-1.5,0.25,1e2,1E-7,2.5e+3]'],
    ['the largest exact integers', '[9007199254740991,-9007199254740991]'],
    ['printable escapes', String.raw`["\"","\\","\/","\u0041","\uD83D\uDE00"]`],
    ['text beyond ASCII', '{"név":"日本語 😀"}'],
    ['the same name in two objects', '[{"a":1},{"a":2},{"b":{"a":3},"a":4}]'],
    ['a body at the limit of depth', nested(8)],
    ['a body at the limit of members', members(512)],
    ['an array of any length', `[${'1,'.repeat(9_999)}1]`],
    ['names that every object inherits', '{"toString":1,"hasOwnProperty":2,"__proto":3}'],
  ])('%s', (_, text) => {
    expect(parse(text)).toEqual({ ok: true, value: JSON.parse(text) });
  });

  it('a body of exactly 64 KiB', () => {
    expect(parse(`"${'x'.repeat(65_534)}"`).ok).toBe(true);
  });
});

describe('what the JSON guard refuses', () => {
  const cases: [JsonFaultKind, string, string | Buffer][] = [
    ['too_large', 'one byte above the limit', `"${'x'.repeat(65_535)}"`],
    ['byte_order_mark', 'a byte order mark', '\uFEFF{}'],
    ['invalid_utf8', 'an overlong encoding', Buffer.from([0x22, 0xc0, 0xaf, 0x22])],
    ['invalid_utf8', 'a surrogate in UTF-8', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22])],
    ['invalid_utf8', 'a truncated character', Buffer.from([0x22, 0xe2, 0x82, 0x22])],
    ['malformed', 'an empty body', ''],
    ['malformed', 'white space alone', ' \n'],
    ['malformed', 'white space that JSON does not know', '\u00a0{}'],
    ['malformed', 'trailing garbage', '{} x'],
    ['malformed', 'a second value', '{}{}'],
    ['malformed', 'an unclosed object', '{"a":1'],
    ['malformed', 'an unclosed string', '{"a":"b'],
    ['malformed', 'a string that ends in a backslash', '"\\'],
    ['malformed', 'a bracket that closes the wrong container', '[1}'],
    ['malformed', 'a bracket that closes nothing', ']'],
    ['malformed', 'a comma before a closing brace', '{"a":1,}'],
    ['malformed', 'a comma before a closing bracket', '[1,]'],
    ['malformed', 'two commas', '[1,,2]'],
    ['malformed', 'a name without a value', '{"a"}'],
    ['malformed', 'a name without quotation marks', '{a:1}'],
    ['malformed', 'apostrophes for quotation marks', "{'a':1}"],
    ['malformed', 'a comment', '{"a":1/**/}'],
    ['malformed', 'a literal in capitals', 'True'],
    ['malformed', 'a word that begins like a literal', 'trueish'],
    ['malformed', 'NaN', '[NaN]'],
    ['malformed', 'a leading zero', '[01]'],
    ['malformed', 'a leading plus', '[+1]'],
    ['malformed', 'a number without digits after the point', '[1.]'],
    ['malformed', 'a lone minus', '[-]'],
    ['malformed', 'an unknown escape', String.raw`"\x41"`],
    ['malformed', 'an escape of three digits', String.raw`"\u041"`],
    ['too_deep', 'nine levels', nested(9)],
    ['too_many_members', 'one member above the limit', members(513)],
    ['duplicate_member', 'a repeated name', '{"a":1,"a":1}'],
    ['duplicate_member', 'a name repeated in another spelling', String.raw`{"a":1,"\u0061":2}`],
    ['duplicate_member', 'a name repeated further down', '{"x":{"a":1,"b":2,"a":3}}'],
    ['forbidden_member', '__proto__', '{"__proto__":{}}'],
    ['forbidden_member', '__proto__ in another spelling', String.raw`{"\u005f_proto__":{}}`],
    ['forbidden_member', 'constructor inside an array', '{"a":[{"constructor":1}]}'],
    ['forbidden_member', 'a forged sealed field', '{"jwks":{"keys":[],"$sealed":{}}}'],
    ['forbidden_member', 'prototype', '{"prototype":1}'],
    ['control_character', 'a raw NUL', '"\u0000"'],
    ['control_character', 'an escaped NUL', String.raw`"\u0000"`],
    ['control_character', 'a raw line feed', '"\n"'],
    ['control_character', 'an escaped line feed', String.raw`"\n"`],
    ['control_character', 'an escaped tab by number', String.raw`"\u0009"`],
    ['control_character', 'DEL', '"\u007f"'],
    ['control_character', 'a control character in a name', String.raw`{"a\u001b":1}`],
    ['lone_surrogate', 'a high surrogate alone', String.raw`"\ud83d"`],
    ['lone_surrogate', 'a low surrogate alone', String.raw`"\ude00"`],
    ['lone_surrogate', 'surrogates in the wrong order', String.raw`"\ude00\ud83d"`],
    ['lone_surrogate', 'a high surrogate before a letter', String.raw`"\ud83d\u0041"`],
    ['number_out_of_range', 'an overflow', '[1e400]'],
    ['number_out_of_range', 'a negative overflow', '[-1e400]'],
    ['number_out_of_range', '2^53', '[9007199254740992]'],
    ['number_out_of_range', 'a large integer in exponent form', '[1e21]'],
  ];

  it.each(cases)('%s: %s', (kind, _, body) => {
    const result = parseGuardedJson(Buffer.from(body as string));
    expect(result).toMatchObject({ ok: false, fault: { kind } });
  });

  it('R-04 a body that is not an object, where an object is needed', () => {
    expect(parseGuardedObject(Buffer.from('{"a":[]}'))).toEqual({ ok: true, value: { a: [] } });
    for (const text of ['[]', '"{}"', 'null', '1', 'true']) {
      expect(parseGuardedObject(Buffer.from(text))).toMatchObject({
        ok: false,
        fault: { kind: 'not_an_object' },
      });
    }
    expect(parseGuardedObject(Buffer.from('{'))).toMatchObject({ ok: false, fault: { kind: 'malformed' } });
  });

  it('any nesting beyond the limit, however deep', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20_000 }), fc.boolean(), (depth, closed) => {
        const text = closed ? nested(depth) : '{"a":['.repeat(depth);
        const levels = closed ? depth : depth * 2;
        const result = parse(text);
        expect(result.ok).toBe(closed && levels <= DEFAULT_JSON_LIMITS.depth);
      }),
    );
  });
});

describe('what the JSON guard says', () => {
  const description = (text: string) => {
    const result = parse(text);
    return result.ok ? '' : result.fault.description;
  };

  it('R-04 names the member that appears twice, and where', () => {
    expect(description('{"redirect_uris":[],"redirect_uris":[]}')).toBe(
      'member redirect_uris appears twice at the top level (byte 20)',
    );
    expect(description('{"jwks":{"keys":[],"keys":[]}}')).toBe(
      'member keys appears twice in one object (byte 19)',
    );
  });

  it('R-70 never repeats anything but printable ASCII', () => {
    expect(description('{"é":1,"é":2}')).toBe(
      'a member whose name is not printable ASCII appears twice at the top level (byte 8)',
    );
    expect(description(String.raw`{"\"":1,"\"":2}`)).not.toContain('"');
    expect(description(`{"${'n'.repeat(70)}":1,"${'n'.repeat(70)}":2}`)).toContain(
      `${'n'.repeat(64)}... appears`,
    );
  });
});

describe('the JSON guard, whatever comes', () => {
  const shallow = fc.jsonValue({ maxDepth: 6, stringUnit: 'grapheme' });

  it('V2 gives what JSON.parse gives, and touches no prototype', () => {
    // Within the limits of size the only reasons left are the contents that the guard exists to refuse.
    const reasonable = ['none', 'control_character', 'forbidden_member', 'number_out_of_range'];
    const contents = /\\[bfnrtu]|[\u007f]|__proto__|constructor|prototype|e\+|\d{16}/;
    fc.assert(
      fc.property(shallow, (value) => {
        const text = JSON.stringify(value);
        const result = parse(text);
        expect(reasonable).toContain(result.ok ? 'none' : result.fault.kind);
        expect(result.ok || contents.test(text)).toBe(true);
        expect(result.ok ? result.value : value).toEqual(result.ok ? JSON.parse(text) : value);
        expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
      }),
      { numRuns: 1_000 },
    );
  });

  it('V1 never throws and never lets through what JSON.parse refuses', () => {
    const character = fc.constantFrom(...Array.from('{}[]:,"\\/utrfalsen0123456789.eE+-x \n\u0000é'));
    const garbage = fc.array(character, { maxLength: 60 }).map((characters) => characters.join(''));
    const damaged = fc
      .tuple(shallow, fc.nat(), fc.nat(2), character)
      .map(([value, position, removed, inserted]) => {
        const text = JSON.stringify(value);
        const at = position % (text.length + 1);
        return (text.slice(0, at) + inserted + text.slice(at + removed)).toWellFormed();
      });
    fc.assert(
      fc.property(fc.oneof(garbage, damaged), (text) => {
        const result = parse(text);
        const value: unknown = result.ok ? JSON.parse(text) : undefined;
        expect(result.ok ? result.value : undefined).toEqual(value);
      }),
      { numRuns: 5_000 },
    );
  });

  it('V1 R-70 answers for arbitrary bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const result = parseGuardedJson(Buffer.from(bytes));
        expect(result.ok ? 'accepted' : result.fault.description).toMatch(/^[\x20\x21\x23-\x5b\x5d-\x7e]+$/);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ['open brackets', '['.repeat(65_536)],
    ['quotation marks', '"'.repeat(65_536)],
    ['backslashes', `"${'\\'.repeat(65_534)}"`],
    ['digits', `[${'9'.repeat(65_534)}]`],
    ['digits after the point', `[0.${'9'.repeat(65_500)}e]`],
    ['escapes', `"${String.raw`\u0041`.repeat(10_900)}"`],
    ['spaces', ' '.repeat(65_536)],
    ['minuses', '-'.repeat(65_536)],
  ])('V5 answers for 64 KiB of %s', (_, text) => {
    expect(typeof parse(text).ok).toBe('boolean');
  });
});
