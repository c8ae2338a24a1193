import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { metadataWith } from '../../../test/support/client-events.js';
import type { JsonObject } from '../../contract/json.js';
import { METADATA_TABLE } from '../metadata/metadata-table.js';
import { registeredMembers, statedMembers, valuesInForce, withStatedMembers } from './stated-members.js';

const NO_CUSTOM: ReadonlySet<string> = new Set();

describe('the claims that become metadata', () => {
  test('are understood members, their language variants and what the profile declares', () => {
    const claims = { client_name: 'A', 'client_name#ja': 'B', cost_center: '1234', org_status: 'active' };
    expect(statedMembers(claims, new Set(['cost_center']))).toEqual({
      client_name: 'A',
      'client_name#ja': 'B',
      cost_center: '1234',
    });
  });

  test.each(['iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti'])(
    'R-93 never include %s, also where a profile has a member of that name',
    (claim) => expect(statedMembers({ [claim]: 'x' }, new Set([claim]))).toEqual({}),
  );

  test.each(METADATA_TABLE.filter(({ issued }) => issued).map(({ name }) => name))(
    'R-06 never include %s, which only the server issues',
    (name) => expect(statedMembers({ [name]: 'x' }, new Set([name]))).toEqual({}),
  );

  test('R-08 leave out what says nothing, and a statement inside the statement', () => {
    const claims = { client_name: null, scope: '', contacts: [], software_statement: 'a.b.c' };
    expect(statedMembers(claims, new Set(['software_statement']))).toEqual({});
  });
});

describe('a request with a statement', () => {
  test('R-91 has the stated values in the place of the plain ones, and the statement itself no more', () => {
    const body = { client_name: 'Self', logo_uri: 'https://a.example/l', software_statement: 'a.b.c' };
    expect(withStatedMembers(body, { client_name: 'Stated' })).toEqual({
      client_name: 'Stated',
      logo_uri: 'https://a.example/l',
    });
  });

  test('R-91 has a stated language variant only once, whatever the case of its tag', () => {
    expect(withStatedMembers({ 'client_name#JA': 'x' }, { 'client_name#ja': 'y' })).toEqual({
      'client_name#ja': 'y',
    });
  });

  test.each([
    ['jwks_uri', 'jwks'],
    ['jwks', 'jwks_uri'],
    ['token_endpoint_auth_method', 'token_endpoint_auth_methods_supported'],
    ['token_endpoint_auth_methods_supported', 'token_endpoint_auth_method'],
  ])('R-91 that states %s cannot be talked out of it with %s', (stated, plain) => {
    expect(withStatedMembers({ [plain]: 'own' }, { [stated]: 'stated' })).toEqual({ [stated]: 'stated' });
  });

  test('R-91 holds every stated value, whatever the request says', () => {
    const objects = fc.dictionary(
      fc.constantFrom('client_name', 'client_name#ja', 'client_name#JA', 'scope', 'jwks', 'jwks_uri', 'x'),
      fc.string(),
    ) as fc.Arbitrary<JsonObject>;
    fc.assert(
      fc.property(objects, objects, (body, claims) => {
        const stated = statedMembers(claims, NO_CUSTOM);
        expect(withStatedMembers(body, stated)).toMatchObject(stated);
      }),
    );
  });
});

describe('what a statement set', () => {
  const metadata = metadataWith('private_key_jwt', { client_name: 'A', scope: 'read' });

  test('R-92 is named by the registered members, sorted', () => {
    const stated = { scope: 'read write', client_name: 'A', tos_uri: 'https://dropped.example' };
    expect(registeredMembers(stated, metadata)).toEqual(['client_name', 'scope']);
  });

  test('R-92 is the chosen method where it offered several', () => {
    const stated = {
      token_endpoint_auth_methods_supported: ['private_key_jwt'],
      token_endpoint_auth_method: 'none',
    };
    expect(registeredMembers(stated, metadata)).toEqual(['token_endpoint_auth_method']);
  });

  test('M-27 stays at the value in force, custom members too, and lets go of what was erased', () => {
    const inForce = { ...metadata, custom: { cost_center: '1234' } };
    expect(valuesInForce(['client_name', 'contacts', 'cost_center'], inForce)).toEqual({
      client_name: 'A',
      cost_center: '1234',
    });
  });
});
