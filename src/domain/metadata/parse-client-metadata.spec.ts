import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '../../contract/json.js';
import {
  HTTPS,
  members,
  parsed,
  parseOptions,
  refusal,
  refusalOf,
} from '../../../test/support/metadata-parsing.js';
import type { CustomMetadataRules } from './custom-metadata-rules.js';
import { METADATA_TABLE } from './metadata-table.js';
import { parseClientMetadata } from './parse-client-metadata.js';

describe('members that are not taken', () => {
  it('R-05 drops unknown members and names them', () => {
    const result = parsed({
      redirect_uris: [HTTPS],
      zebra: 1,
      description: 'x',
      Client_name: 'x',
      toString: 'x',
    });
    expect(result.ignored).toEqual(['Client_name', 'description', 'toString', 'zebra']);
    expect(Object.keys(result.metadata.members)).not.toContain('zebra');
    expect(result.metadata.custom).toEqual({});
  });

  it('R-06 R-56 never takes what only the server issues', () => {
    const issued = {
      client_id: 'mine',
      client_secret: 'mine',
      client_id_issued_at: 1,
      client_secret_expires_at: 0,
      registration_access_token: 'mine',
      registration_client_uri: 'https://a.example/',
    };
    const result = parsed({ redirect_uris: [HTTPS], token_endpoint_auth_method: 'none', ...issued });
    expect(result.metadata.members).toEqual(members({ token_endpoint_auth_method: 'none' }));
    expect(result.ignored).toEqual(Object.keys(issued).sort());
    expect(result.declared).toEqual(['redirect_uris', 'token_endpoint_auth_method']);
  });

  it('R-06 does not even look at their types', () => {
    expect(refusalOf({ client_id: 5, client_secret: ['x'], registration_client_uri: {} })).toBeNull();
  });

  it('R-95 ignores software statements entirely', () => {
    const result = parsed({ redirect_uris: [HTTPS], software_statement: 'eyJhbGciOiJub25lIn0.e30.' });
    expect(result.ignored).toEqual(['software_statement']);
    expect(result.metadata.members).not.toHaveProperty('software_statement');
  });

  it('R-08 takes null, an empty string and an empty array for an omission', () => {
    const names = METADATA_TABLE.filter((member) => !member.issued && member.name !== 'redirect_uris');
    for (const omission of [null, '', []] as JsonValue[]) {
      const body = Object.fromEntries(names.map(({ name }) => [name, omission]));
      const result = parsed({ redirect_uris: [HTTPS], ...body, 'client_name#de': omission });
      expect(result.metadata.members).toEqual(members({}));
      expect(result.declared).toEqual(['redirect_uris']);
    }
  });
});

describe('types and limits', () => {
  it.each([
    ['a string for an array', { grant_types: 'authorization_code' }],
    ['an array for a string', { token_endpoint_auth_method: ['none'] }],
    ['a scope that is an array', { scope: ['mcp:tools'] }],
    ['a number', { client_name: 5 }],
    ['a boolean', { client_uri: true }],
    ['an object', { software_id: {} }],
    ['null inside an array', { response_types: ['code', null] }],
    ['a nested array', { contacts: [['a@a.example']] }],
    ['a number inside an array', { grant_types: ['authorization_code', 1] }],
    ['a key set in a string', { jwks: '{"keys":[]}' }],
    ['a variant of the wrong type', { 'client_name#de': 1 }],
  ])('R-07 refuses %s', (_, body) => {
    expect(refusalOf(body)).toBe(`invalid_client_metadata: wrong_type ${Object.keys(body)[0]}`);
  });

  it.each([[HTTPS], [5], [true], [{ '0': HTTPS }], [[[HTTPS]]], [[HTTPS, null]], [[1]]])(
    'R-07 refuses redirect_uris of the form %j as metadata of the wrong type',
    (redirect_uris) => {
      expect(refusal({ redirect_uris })).toBe('invalid_client_metadata: wrong_type redirect_uris');
    },
  );

  it('R-12 takes ten redirect URIs and refuses eleven', () => {
    const uris = (count: number) => Array.from({ length: count }, (_, index) => `${HTTPS}/${index}`);
    expect(members({ redirect_uris: uris(10) }).redirect_uris).toHaveLength(10);
    expect(refusal({ redirect_uris: uris(11) })).toBe('invalid_redirect_uri: too_many_items redirect_uris');
  });

  it('R-12 refuses what is too long', () => {
    const long = (prefix: string, length: number) => prefix + 'a'.repeat(length - prefix.length);
    expect(refusal({ redirect_uris: [long(`${HTTPS}/`, 2049)] })).toBe(
      'invalid_redirect_uri: uri_too_long redirect_uris',
    );
    expect(refusalOf({ client_uri: long(`${HTTPS}/`, 2049) })).toBe(
      'invalid_client_metadata: uri_too_long client_uri',
    );
    expect(refusalOf({ client_name: 'n'.repeat(81) })).toBe('invalid_client_metadata: too_long client_name');
    expect(refusalOf({ software_version: 'n'.repeat(2049) })).toBe(
      'invalid_client_metadata: too_long software_version',
    );
    expect(refusalOf({ scope: 'n'.repeat(2049) })).toBe('invalid_client_metadata: too_long scope');
    expect(refusalOf({ contacts: ['n'.repeat(321)] })).toBe('invalid_client_metadata: too_long contacts');
    expect(refusalOf({ contacts: Array.from({ length: 11 }, () => 'x') })).toContain(
      'too_many_items contacts',
    );
    expect(refusalOf({ client_uri: long(`${HTTPS}/`, 2048), software_version: 'n'.repeat(2048) })).toBeNull();
  });

  it('C2 refuses names that deceive, in every language', () => {
    expect(refusalOf({ client_name: 'Claude\u202e' })).toBe(
      'invalid_client_metadata: text_unprintable client_name',
    );
    expect(refusalOf({ 'client_name#ar': 'x\u200f' })).toBe(
      'invalid_client_metadata: text_unprintable client_name#ar',
    );
    expect(refusalOf({ contacts: ['a\u0007'] })).toBe('invalid_client_metadata: text_unprintable contacts');
  });
});

describe('languages', () => {
  const ja = 'クライアント';

  it('R-80 keeps variants of texts and pages under the name they came with', () => {
    const variants = {
      'client_name#ja-Jpan-JP': ja,
      'client_uri#fr': 'https://a.example/fr',
      'tos_uri#DE': 'https://a.example/de',
    };
    expect(members(variants)).toMatchObject(variants);
  });

  it('R-80 judges variants like the member itself', () => {
    expect(refusalOf({ 'logo_uri#fr': 'javascript:alert(1)' })).toBe(
      'invalid_client_metadata: uri_scheme_refused logo_uri#fr',
    );
  });

  it.each([
    'client_name#',
    'client_name#not a tag',
    'client_name#deutschland',
    'client_name#de#fr',
    'client_name#de_DE',
  ])('R-81 ignores %s', (name) => {
    expect(parsed({ redirect_uris: [HTTPS], [name]: 'x' }).ignored).toEqual([name]);
  });

  it('R-81 refuses one language in two spellings', () => {
    expect(refusalOf({ 'client_name#de-CH': 'a', 'client_name#de-ch': 'b' })).toBe(
      'invalid_client_metadata: language_repeated client_name#de-ch',
    );
  });

  it('R-82 ignores variants of members that are not for people', () => {
    const names = ['contacts#de', 'grant_types#de', 'jwks_uri#de', 'redirect_uris#de', 'scope#en'];
    const body = Object.fromEntries(names.map((name) => [name, 5]));
    expect(parsed({ redirect_uris: [HTTPS], ...body }).ignored).toEqual(names);
  });

  it('R-82 assumes no language for an untagged value', () => {
    const result = members({ client_name: 'Client', 'client_name#ja': ja });
    expect(result['client_name']).toBe('Client');
  });
});

describe('custom metadata', () => {
  const rules: CustomMetadataRules = {
    names: new Set(['cost_center', 'tags', 'client_name', 'client_id', '__proto__']),
    validate: (custom) =>
      custom['cost_center'] === 'bad'
        ? [{ field: 'cost_center', keyword: 'pattern', pointer: '/cost_center' }]
        : [],
  };
  const options = parseOptions({}, { custom: rules });

  it('R-05 keeps declared members apart, as sent', () => {
    const result = parsed(
      { redirect_uris: [HTTPS], cost_center: 'CC-1', tags: { a: [1, null] }, other: 1 },
      options,
    );
    expect(result.metadata.custom).toEqual({ cost_center: 'CC-1', tags: { a: [1, null] } });
    expect(result.metadata.members).not.toHaveProperty('cost_center');
    expect(result.declared).toEqual(['cost_center', 'redirect_uris', 'tags']);
    expect(result.ignored).toEqual(['other']);
  });

  it('R-08 takes empty ones for omitted', () => {
    expect(parsed({ redirect_uris: [HTTPS], cost_center: '', tags: null }, options).metadata.custom).toEqual(
      {},
    );
  });

  it('P5 never lets a declared name shadow a protocol member', () => {
    const result = parsed({ redirect_uris: [HTTPS], client_name: 'Client', client_id: 'mine' }, options);
    expect(result.metadata.custom).toEqual({});
    expect(result.metadata.members['client_name']).toBe('Client');
  });

  it('V2 reaches no prototype through a declared name', () => {
    const { metadata } = parsed(
      JSON.parse(`{"redirect_uris":["${HTTPS}"],"__proto__":{"polluted":1}}`) as JsonObject,
      options,
    );
    expect(Object.getPrototypeOf(metadata.custom)).toBe(Object.prototype);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('leaves the judgement to the policy', () => {
    const result = parsed({ redirect_uris: [HTTPS], cost_center: 'bad' }, options);
    expect(result.custom_errors).toEqual([
      { field: 'cost_center', keyword: 'pattern', pointer: '/cost_center' },
    ]);
  });
});

describe('the order of faults', () => {
  it('R-72 tells redirect URIs before everything else, types included', () => {
    const wrong = { client_name: 5, grant_types: 'x', jwks: {}, scope: [] };
    expect(refusal({ ...wrong, redirect_uris: ['http://evil.example/'] })).toContain(
      'invalid_redirect_uri: ',
    );
    expect(refusal({ ...wrong, redirect_uris: 'x' })).toContain(' redirect_uris');
    expect(refusal({ ...wrong, grant_types: null })).toContain('redirect_uris_missing');
    expect(refusal(wrong)).toContain('redirect_uris_missing');
  });

  it('R-72 does not depend on the order of the request', () => {
    const body = {
      client_name: 5,
      'client_name#fr': 5,
      client_uri: 'x y',
      grant_types: 'x',
      jwks: {},
      redirect_uris: [HTTPS],
      'tos_uri#de': 'javascript:x',
    };
    fc.assert(
      fc.property(fc.shuffledSubarray(Object.keys(body), { minLength: 7 }), (names) => {
        const shuffled = Object.fromEntries(names.map((name) => [name, body[name as keyof typeof body]]));
        expect(refusal(shuffled)).toBe('invalid_client_metadata: wrong_type grant_types');
      }),
    );
  });

  it('R-70 describes the fault in ASCII, with the element it is about', () => {
    const result = parseClientMetadata({ redirect_uris: [HTTPS, 'http://évil.example'] }, parseOptions());
    expect(result).toEqual({
      ok: false,
      rejection: {
        error: 'invalid_redirect_uri',
        reason: 'uri_not_ascii',
        field: 'redirect_uris',
        description: 'redirect_uris[1] contains a space, a control character or a character outside ASCII',
      },
    });
  });
});
