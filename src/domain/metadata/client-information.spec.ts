import { describe, expect, it } from 'vitest';
import { parseOptions, SWITCHED_OFF } from '../../../test/support/metadata-parsing.js';
import type { ClientMetadata } from './client-metadata.js';
import { clientInformationMembers } from './client-information.js';
import { parseClientMetadata } from './parse-client-metadata.js';

const minimal: ClientMetadata = {
  members: {
    redirect_uris: ['https://a.example/cb'],
    token_endpoint_auth_method: 'none',
    grant_types: ['authorization_code'],
    response_types: ['code'],
    application_type: 'web',
    scope: '',
  },
  custom: {},
};

describe('the members of a client information response', () => {
  it('R-61 are all that is registered, in one order whatever order they are stored in', () => {
    const body = {
      'client_name#ja': '名前',
      'client_name#de': 'Name',
      client_name: 'Name',
      software_id: 'x',
      contacts: ['a@a.example'],
      redirect_uris: ['https://a.example/cb'],
      zone: 'eu',
      area: 'x',
    };
    const custom = { names: new Set(['zone', 'area']), validate: () => [] };
    const result = parseClientMetadata(body, parseOptions({}, { custom }));
    if (!result.ok) throw new Error(result.rejection.description);
    const stored = Object.fromEntries(
      Object.entries(result.metadata.members).toReversed(),
    ) as ClientMetadata['members'];
    const answer = clientInformationMembers({ members: stored, custom: result.metadata.custom });
    expect(Object.keys(answer)).toEqual([
      'redirect_uris',
      'token_endpoint_auth_method',
      'grant_types',
      'response_types',
      'application_type',
      'client_name',
      'client_name#de',
      'client_name#ja',
      'scope',
      'contacts',
      'software_id',
      ...Object.keys(SWITCHED_OFF),
      'area',
      'zone',
    ]);
    expect(answer).toMatchObject(body);
  });

  it('R-08 T-01 are never null, empty strings or undefined', () => {
    const metadata: ClientMetadata = {
      members: { ...minimal.members, client_name: '', jwks: null, tos_uri: undefined },
      custom: { zone: '' },
    };
    expect(clientInformationMembers(metadata)).not.toHaveProperty('scope');
    for (const name of ['client_name', 'jwks', 'tos_uri', 'zone']) {
      expect(clientInformationMembers(metadata)).not.toHaveProperty(name);
    }
  });

  it('R-21 have arrays even where they are empty', () => {
    const metadata = { members: { ...minimal.members, redirect_uris: [], response_types: [] }, custom: {} };
    expect(clientInformationMembers(metadata)).toMatchObject({ redirect_uris: [], response_types: [] });
  });

  it('leave out what is still sealed', () => {
    const contacts = { $sealed: { key: 'k', nonce: 'n', ciphertext: 'c' } };
    expect(
      clientInformationMembers({ ...minimal, members: { ...minimal.members, contacts } }),
    ).not.toHaveProperty('contacts');
  });

  it('P5 have the protocol member where a custom one claims its name', () => {
    const answer = clientInformationMembers({ ...minimal, custom: { application_type: 'native' } });
    expect(answer['application_type']).toBe('web');
  });
});
