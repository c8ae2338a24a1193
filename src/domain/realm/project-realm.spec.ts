import { describe, expect, test } from 'vitest';
import { recorded } from '../../../test/support/client-events.js';
import { clientRegistered } from '../../../test/support/event-builders.js';
import type { RealmConfiguration } from '../../contract/realm.js';
import { clientManagement } from './client-management.js';
import { projectRealm } from './project-realm.js';

const configuration: RealmConfiguration = {
  issuer: 'https://clients.example/payroll',
  registration: 'token',
  profile: 'strict',
  scopes: ['mcp:tools'],
  default_scopes: [],
  resources: [],
  default_resource: null,
  unknown_resources: 'refuse',
  lifetimes: { access_token: 300, refresh_token: 3600, grant: 600 },
};
const configured = (changes: Partial<RealmConfiguration> = {}) =>
  recorded({
    type: 'realm.configured',
    data: { name: 'payroll', configuration: { ...configuration, ...changes }, reason: null },
  });

describe('a realm', () => {
  test('is what it was configured to be last, whole', () => {
    const first = projectRealm(undefined, configured({ resources: [], registration: 'open' }));
    expect(projectRealm(first, configured())).toEqual({
      ...configuration,
      software_statements: { issuers: [], required: false },
      client_management: clientManagement({}),
      name: 'payroll',
      configured_at: '2026-11-23T10:00:00.000Z',
    });
  });

  test('trusts the issuers of software statements that it names, and nobody where an older event names none', () => {
    const software_statements = {
      issuers: [{ issuer: 'https://a.example', jwks: { keys: [] } }],
      required: true,
    };
    expect(projectRealm(undefined, configured({ software_statements }))).toMatchObject({
      software_statements,
    });
    expect(projectRealm(undefined, configured())).toMatchObject({
      software_statements: { issuers: [], required: false },
    });
  });

  test('is not moved by any other event', () => {
    const realm = projectRealm(undefined, configured());
    expect(projectRealm(realm, recorded(clientRegistered('c_1')))).toBe(realm);
  });
});
