import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../contract/json.js';
import type { CustomMetadataRules } from '../../../domain/metadata/custom-metadata-rules.js';
import { compileCustomMetadata } from './custom-metadata-schema.js';

const PROTOCOL_MEMBERS = new Set(['client_name', 'redirect_uris']);

const compile = (schema: JsonObject): CustomMetadataRules =>
  compileCustomMetadata(schema, PROTOCOL_MEMBERS, 'default');
const properties = (members: JsonObject): JsonObject => ({ type: 'object', properties: members });

describe('custom metadata', () => {
  const rules = compile({
    type: 'object',
    required: ['cost_center'],
    properties: {
      cost_center: { type: 'string', pattern: '^[0-9]{4}$' },
      owner: {
        type: 'object',
        properties: { mail: { type: 'string', format: 'email' }, 'a/b~c': { type: 'number' } },
        additionalProperties: false,
      },
      tags: { type: 'array', items: { type: 'string' }, uniqueItems: true, maxItems: 5 },
    },
  });

  it('declares the properties of its schema', () => {
    expect([...rules.names]).toEqual(['cost_center', 'owner', 'tags']);
  });

  it('accepts what satisfies the schema', () => {
    expect(
      rules.validate({ cost_center: '4711', owner: { mail: 'ops@acme.example' }, tags: ['a', 'b'] }),
    ).toEqual([]);
  });

  it.each<[string, JsonObject, object]>([
    ['a missing member', {}, { field: 'cost_center', keyword: 'required', pointer: '/cost_center' }],
    [
      'a pattern',
      { cost_center: '47111' },
      { field: 'cost_center', keyword: 'pattern', pointer: '/cost_center' },
    ],
    ['a type', { cost_center: 4711 }, { field: 'cost_center', keyword: 'type', pointer: '/cost_center' }],
    [
      'a nested format',
      { cost_center: '4711', owner: { mail: 'nobody' } },
      { field: 'owner', keyword: 'format', pointer: '/owner/mail' },
    ],
    [
      'a nested member too many',
      { cost_center: '4711', owner: { 'x/y': 1 } },
      { field: 'owner', keyword: 'additionalProperties', pointer: '/owner/x~1y' },
    ],
    [
      'a name that pointers escape',
      { cost_center: '4711', owner: { 'a/b~c': 'x' } },
      { field: 'owner', keyword: 'type', pointer: '/owner/a~1b~0c' },
    ],
    [
      'an item of a list',
      { cost_center: '4711', tags: ['a', 1] },
      { field: 'tags', keyword: 'type', pointer: '/tags/1' },
    ],
  ])('names field, keyword and place: %s', (_, custom, error) => {
    expect(rules.validate(custom)).toEqual([error]);
  });

  it('keeps the patterns of one schema apart', () => {
    const two = compile(
      properties({ a: { type: 'string', pattern: '^a$' }, b: { type: 'string', pattern: '^b$' } }),
    );
    expect(two.validate({ a: 'a', b: 'b' })).toEqual([]);
    expect(two.validate({ a: 'b', b: 'a' }).map(({ pointer }) => pointer)).toEqual(['/a', '/b']);
  });

  it('tells all errors, in one order, each once', () => {
    const errors = rules.validate({ tags: [1, 1, 1, 1, 1, 1], owner: { mail: 1, z: 1 } });
    expect(errors.map(({ pointer, keyword }) => `${pointer} ${keyword}`)).toEqual([
      '/cost_center required',
      '/owner/mail type',
      '/owner/z additionalProperties',
      '/tags maxItems',
      '/tags/0 type',
      '/tags/1 type',
      '/tags/2 type',
      '/tags/3 type',
      '/tags/4 type',
      '/tags/5 type',
    ]);
  });

  it('names the whole where no member is to blame', () => {
    const atLeastOne = compile({ type: 'object', minProperties: 1, properties: { a: { type: 'string' } } });
    expect(atLeastOne.validate({})).toEqual([
      { field: 'custom_metadata', keyword: 'minProperties', pointer: '' },
    ]);
  });

  it('follows references inside the schema', () => {
    const local = compile({
      $defs: { code: { type: 'string', maxLength: 2 } },
      ...properties({ a: { $ref: '#/$defs/code' } }),
    });
    expect(local.validate({ a: 'abc' })).toEqual([{ field: 'a', keyword: 'maxLength', pointer: '/a' }]);
  });
});

describe('values that are too long for any schema', () => {
  const rules = compile(
    properties({ text: { type: 'string', pattern: '^(a+)+$' }, list: { type: 'array', uniqueItems: true } }),
  );

  it('matches a pattern that backtracking would never finish', () => {
    expect(rules.validate({ text: `${'a'.repeat(2047)}!` })).toEqual([
      { field: 'text', keyword: 'pattern', pointer: '/text' },
    ]);
  });

  it('refuses strings over 2048 characters before any pattern', () => {
    expect(rules.validate({ text: 'a'.repeat(2049) })).toEqual([
      { field: 'text', keyword: 'maxLength', pointer: '/text' },
    ]);
  });

  it('refuses lists over 100 items before they are compared with one another', () => {
    const list = Array.from({ length: 101 }, (_, index) => ({ index }));
    expect(rules.validate({ list })).toEqual([{ field: 'list', keyword: 'maxItems', pointer: '/list' }]);
  });
});

describe('a schema that cannot be used', () => {
  it.each<[string, JsonObject, RegExp]>([
    [
      'a protocol member',
      properties({ client_name: { type: 'string' } }),
      /client_name is a registered member/,
    ],
    ['a name with a language mark', properties({ 'note#ja': { type: 'string' } }), /note#ja cannot be/],
    [
      'a name of the language below',
      JSON.parse('{"properties":{"__proto__":{}}}') as JsonObject,
      /__proto__ cannot be/,
    ],
    [
      'a remote reference',
      properties({ a: { $ref: 'https://schemas.example/a.json' } }),
      /leads out of the schema/,
    ],
    [
      'a remote dynamic reference',
      properties({ a: { $dynamicRef: 'other.json#a' } }),
      /leads out of the schema/,
    ],
    [
      'a reference in a list',
      properties({ a: { anyOf: [{ $ref: 'file:///etc/passwd' }] } }),
      /leads out of the schema/,
    ],
    ['a dangling reference', properties({ a: { $ref: '#/$defs/nowhere' } }), /nowhere/],
    ['an unknown keyword', properties({ a: { type: 'string', patern: 'x' } }), /patern/],
    ['an unknown format', properties({ a: { type: 'string', format: 'uri-template' } }), /uri-template/],
    [
      'a pattern that looks around',
      properties({ a: { type: 'string', pattern: '^(?=a)b' } }),
      /pattern|\(\?=/,
    ],
    ['a pattern that refers back', properties({ a: { type: 'string', pattern: String.raw`(a)\1` } }), /\\1/],
    ['a broken pattern', properties({ a: { type: 'string', pattern: '(' } }), /\(/],
    ['a keyword of the wrong type', properties({ a: { type: 'string', maxLength: 'x' } }), /maxLength/],
  ])('fails to compile: %s', (_, schema, message) => {
    expect(() => compile(schema)).toThrow(
      expect.objectContaining({
        name: 'InvalidPolicyBundle',
        fault: 'custom_metadata',
        message: expect.stringMatching(message),
      }),
    );
  });
});
