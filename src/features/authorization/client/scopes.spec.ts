import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { effectiveScopes, type ScopeRequest } from './scopes.js';

const plain: ScopeRequest = {
  requested: [],
  registered: [],
  defaults: ['read'],
  available: ['read', 'write', 'admin'],
  ceiling: null,
};

describe('effectiveScopes', () => {
  it.each<[string, Partial<ScopeRequest>, readonly string[] | 'invalid_scope']>([
    ['what was asked for', { requested: ['write'] }, ['write']],
    ['only what there is', { requested: ['write', 'made:up'] }, ['write']],
    ['the registered scope when none was asked for', { registered: ['write'] }, ['write']],
    ['the default when none was registered either', {}, ['read']],
    ['everything there is when there is no default', { defaults: [] }, ['read', 'write', 'admin']],
    [
      'the default for OpenID Connect scopes that nobody has here',
      { requested: ['openid', 'email'] },
      ['read'],
    ],
    ['openid where the realm has it', { requested: ['openid'], available: ['openid', 'read'] }, ['openid']],
    ['nothing where there is nothing', { available: [] }, []],
    ['invalid_scope when all of it is unknown', { requested: ['made:up'] }, 'invalid_scope'],
    [
      'invalid_scope when all of it is above the ceiling',
      { requested: ['admin'], ceiling: ['read'] },
      'invalid_scope',
    ],
    ['the default under the ceiling', { registered: ['admin'], ceiling: ['read'] }, ['read']],
  ])('grants %s', (_, changes, expected) => {
    expect(effectiveScopes({ ...plain, ...changes })).toEqual(expected);
  });

  it('R-103 never grants what is not available or above the ceiling', () => {
    const scopes = fc.subarray(['openid', 'offline_access', 'read', 'write', 'admin', 'made:up']);
    fc.assert(
      fc.property(
        scopes,
        scopes,
        scopes,
        scopes,
        fc.option(scopes),
        (requested, registered, defaults, available, ceiling) => {
          const granted = effectiveScopes({ requested, registered, defaults, available, ceiling });
          for (const scope of granted === 'invalid_scope' ? [] : granted) {
            expect(available).toContain(scope);
            expect(ceiling ?? [scope]).toContain(scope);
          }
        },
      ),
    );
  });
});
