import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ClientState } from '../../../domain/client/client-state.js';
import { clientPermissions, words } from './client-permissions.js';

const NOW = Date.parse('2026-11-22T12:00:00.000Z');

function aClient(changes: Partial<ClientState> = {}): ClientState {
  return {
    realm: 'default',
    client_id: 'c_1',
    channel: 'dynamic',
    status: 'active',
    holds: [],
    metadata: {
      members: {
        redirect_uris: ['https://app.example/cb'],
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        application_type: 'web',
        scope: 'a b',
      },
      custom: {},
    },
    secrets: [],
    registration_access_token: null,
    constraints: null,
    initial_access_token: null,
    obligations: {},
    reviews: [],
    warnings: [],
    pending_change: null,
    decision: null,
    created_at: '2026-11-01T00:00:00.000Z',
    updated_at: '2026-11-01T00:00:00.000Z',
    expires_at: null,
    ...changes,
  };
}

describe('clientPermissions', () => {
  it('has nothing to say about a client that is gone', () => {
    expect(clientPermissions(undefined, NOW)).toBeNull();
    expect(clientPermissions(aClient({ status: 'deleted' }), NOW)).toBeNull();
    expect(clientPermissions(aClient({ expires_at: '2026-11-22T12:00:00.000Z' }), NOW)).toBeNull();
  });

  it('P10 trusts nobody unless the policy said so', () => {
    expect(clientPermissions(aClient(), NOW)).toMatchObject({ trust: 'untrusted', asksEveryTime: true });
    const approved = aClient({ obligations: { trust: 'approved' } });
    expect(clientPermissions(approved, NOW)).toMatchObject({ asksEveryTime: false });
    const asked = aClient({ obligations: { trust: 'trusted', require_consent: true } });
    expect(clientPermissions(asked, NOW)).toMatchObject({ asksEveryTime: true });
  });

  it('M-27 is never wider than any of the limits that are set', () => {
    const scopes = fc.option(fc.subarray(['a', 'b', 'c']), { nil: undefined });
    fc.assert(
      fc.property(scopes, scopes, (obligation, constraint) => {
        const { scopeCeiling } = clientPermissions(
          aClient({
            obligations: obligation ? { scope_ceiling: obligation } : {},
            constraints: constraint ? { scopes: constraint } : {},
          }),
          NOW,
        )!;
        const limits = [obligation, constraint].filter((limit) => limit !== undefined);
        expect(scopeCeiling === null).toBe(limits.length === 0);
        for (const scope of scopeCeiling ?? [])
          expect(limits.every((limit) => limit.includes(scope))).toBe(true);
        for (const scope of limits[0] ?? []) {
          expect(scopeCeiling!.includes(scope)).toBe(limits.every((limit) => limit.includes(scope)));
        }
      }),
    );
  });

  it('takes grant types away that the policy does not allow, and gives none that were not registered', () => {
    const client = aClient({ obligations: { grant_types: ['refresh_token', 'client_credentials'] } });
    expect(clientPermissions(client, NOW)!.grantTypes).toEqual(['refresh_token']);
  });
});

describe('words', () => {
  it('splits at spaces and drops what is empty or said twice', () => {
    expect(words('  a b  a ')).toEqual(['a', 'b']);
    expect(words('')).toEqual([]);
    expect(words(undefined)).toEqual([]);
  });
});
