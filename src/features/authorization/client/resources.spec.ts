import { describe, expect, it } from 'vitest';
import { clientManagement } from '../../../domain/realm/client-management.js';
import type { RealmState } from '../../../domain/realm/realm-state.js';
import { canonicalResource, defaultResource, targetResource } from './resources.js';

const anything = { resourceCeiling: null, tokenLifetime: null };

function aRealm(changes: Partial<RealmState> = {}): RealmState {
  return {
    name: 'default',
    issuer: 'https://auth.example',
    registration: 'open',
    profile: 'default',
    scopes: ['read', 'offline_access', 'openid'],
    default_scopes: ['read'],
    resources: [
      {
        identifier: 'https://api.example',
        name: 'API',
        scopes: ['read', 'write'],
        token_format: 'jwt',
        token_lifetime: 300,
      },
    ],
    default_resource: null,
    unknown_resources: 'refuse',
    software_statements: { issuers: [], required: false },
    client_management: clientManagement({}),
    lifetimes: { access_token: 200, refresh_token: 1000, grant: 1000 },
    configured_at: '2026-11-01T00:00:00.000Z',
    ...changes,
  };
}

describe('targetResource', () => {
  it('forgives one trailing slash on an empty path, and nothing else', () => {
    const found = (uri: string): string | undefined => targetResource(aRealm(), uri, anything)?.identifier;
    expect(found('https://api.example')).toBe('https://api.example');
    expect(found('https://api.example/')).toBe('https://api.example');
    for (const other of [
      'https://api.example//',
      'https://API.example',
      'https://api.example/x',
      'https://api.example?',
    ]) {
      expect(found(other)).toBeUndefined();
    }
    expect(canonicalResource(aRealm(), 'https://api.example/')).toBe('https://api.example');
    expect(canonicalResource(aRealm(), 'https://other.example/')).toBe('https://other.example/');
  });

  it.each(['http://localhost:3001/mcp', 'http://127.0.0.1', 'http://[::1]:80/a?b=c'])(
    'accepts %s in a realm that accepts loopback',
    (uri) => {
      expect(targetResource(aRealm(), uri, anything)).toBeNull();
      const loopback = aRealm({ unknown_resources: 'loopback' });
      expect(targetResource(loopback, uri, anything)).toEqual({
        identifier: uri,
        name: null,
        scopes: ['read'],
        tokenLifetime: 200,
      });
    },
  );

  it.each([
    'https://localhost/',
    'http://localhost.evil.example/',
    'http://localhost@evil.example/',
    'http://127.0.0.1.nip.example/',
    'http://127.1/',
    'http://localhost:/x',
    'http://localhost:0/',
    'http://localhost/#x',
    'http://localhost/\u0000',
    'HTTP://localhost/',
    'localhost',
    '',
  ])('refuses %j even there', (uri) => {
    expect(targetResource(aRealm({ unknown_resources: 'loopback' }), uri, anything)).toBeNull();
  });

  it('keeps to the ceiling of the client', () => {
    const capped = { resourceCeiling: ['https://other.example'], tokenLifetime: null };
    expect(targetResource(aRealm(), 'https://api.example', capped)).toBeNull();
    const allowed = { resourceCeiling: ['https://api.example/'], tokenLifetime: null };
    expect(targetResource(aRealm(), 'https://api.example', allowed)).not.toBeNull();
  });

  it('takes the shortest of the lifetimes, 900 seconds at most', () => {
    const lifetime = (inRealm: number, ofClient: number | null): number => {
      const [resource] = aRealm().resources;
      const realm = aRealm({ resources: [{ ...resource!, token_lifetime: inRealm }] });
      return targetResource(realm, 'https://api.example', { resourceCeiling: null, tokenLifetime: ofClient })!
        .tokenLifetime;
    };
    expect(lifetime(300, null)).toBe(300);
    expect(lifetime(300, 60)).toBe(60);
    expect(lifetime(300, 600)).toBe(300);
    expect(lifetime(86_400, null)).toBe(900);
  });

  it('gives a resource that names no scopes those of the realm, except what is no right at a resource', () => {
    const [resource] = aRealm().resources;
    const realm = aRealm({ resources: [{ ...resource!, scopes: [] }] });
    expect(targetResource(realm, 'https://api.example', anything)!.scopes).toEqual(['read']);
  });
});

describe('defaultResource', () => {
  it('is what the realm says, or its only resource, or the realm itself', () => {
    expect(defaultResource(aRealm({ default_resource: 'https://b.example' }))).toBe('https://b.example');
    expect(defaultResource(aRealm())).toBe('https://api.example');
    expect(defaultResource(aRealm({ resources: [] }))).toBe('https://auth.example');
    const [resource] = aRealm().resources;
    const two = aRealm({ resources: [resource!, { ...resource!, identifier: 'https://b.example' }] });
    expect(defaultResource(two)).toBe('https://auth.example');
    expect(targetResource(two, 'https://auth.example', anything)?.identifier).toBe('https://auth.example');
  });
});
