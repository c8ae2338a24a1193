import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { authenticationFault } from './client-authentication.js';

const header = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;
const jwt = (claims: object): string =>
  ['{"alg":"ES256"}', JSON.stringify(claims), 'x']
    .map((part) => Buffer.from(part).toString('base64url'))
    .join('.');
const assertion = (claims: object): Record<string, string> => ({
  client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
  client_assertion: jwt(claims),
});

describe('authenticationFault', () => {
  it.each<[string, string | undefined, Record<string, string>, ReturnType<typeof authenticationFault>]>([
    ['a public client', undefined, { client_id: 'c' }, undefined],
    ['a secret in the body', undefined, { client_id: 'c', client_secret: 's' }, undefined],
    ['Basic', header('c:s'), {}, undefined],
    [
      'Basic in another case, without padding',
      header('c:s').replace('Basic', 'basic').replace(/=+$/, ''),
      {},
      undefined,
    ],
    ['Basic with the same client_id in the body', header('c:s'), { client_id: 'c' }, undefined],
    ['Basic with escapes', header('c%2Dd:s'), { client_id: 'c-d' }, undefined],
    ['an empty secret beside Basic', header('c:s'), { client_secret: '' }, undefined],
    ['an assertion', undefined, assertion({ sub: 'c' }), undefined],
    [
      'an assertion with the same client_id',
      undefined,
      { ...assertion({ sub: 'c' }), client_id: 'c' },
      undefined,
    ],
    ['nothing', undefined, {}, 'none'],
    ['a secret without a client', undefined, { client_secret: 's' }, 'none'],
    ['Basic and a secret', header('c:s'), { client_secret: 's' }, 'several'],
    ['Basic and an assertion', header('c:s'), assertion({ sub: 'c' }), 'several'],
    ['a secret and an assertion', undefined, { ...assertion({ sub: 'c' }), client_secret: 's' }, 'several'],
    ['Basic of another client', header('c:s'), { client_id: 'd' }, 'contradictory'],
    [
      'an assertion of another client',
      undefined,
      { ...assertion({ sub: 'c' }), client_id: 'd' },
      'contradictory',
    ],
    ['Bearer', 'Bearer abc', {}, 'malformed'],
    ['an empty header', '', {}, 'malformed'],
    ['Basic without a secret', header('c:'), {}, 'malformed'],
    ['Basic with a control character', header('c:s\u0001'), {}, 'malformed'],
    [
      'an assertion that is no JWT',
      undefined,
      { ...assertion({ sub: 'c' }), client_assertion: 'x' },
      'malformed',
    ],
    ['an assertion about nobody', undefined, assertion({}), 'malformed'],
    ['an assertion about a number', undefined, assertion({ sub: 1 }), 'malformed'],
    ['an assertion without its type', undefined, { client_assertion: jwt({ sub: 'c' }) }, 'malformed'],
  ])('R-59 judges %s', (_, authorization, form, expected) => {
    expect(authenticationFault(authorization, new URLSearchParams(form))).toBe(expected);
  });

  it('never throws, whatever the header', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        for (const value of [text, `Basic ${text}`, header(text)]) {
          expect(['malformed', undefined]).toContain(authenticationFault(value, new URLSearchParams()));
        }
      }),
    );
  });
});
