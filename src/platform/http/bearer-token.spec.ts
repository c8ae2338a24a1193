import { describe, expect, test } from 'vitest';
import { presentedBearer } from './bearer-token.js';

describe('the credential in an Authorization header', () => {
  test.each([
    ['Bearer rat_abc-DEF_123', 'rat_abc-DEF_123'],
    ['bearer rat_abc', 'rat_abc'],
    ['BEARER rat_abc', 'rat_abc'],
    ['Bearer   rat_abc', 'rat_abc'],
    ['Bearer a.b~c+d/e==', 'a.b~c+d/e=='],
  ])('%s is the token after the scheme (RFC 6750 section 2.1)', (authorization, token) => {
    expect(presentedBearer(authorization)).toBe(token);
  });

  test('is null only where there is no header', () => {
    expect(presentedBearer(undefined)).toBeNull();
  });

  test.each([
    '',
    ' ',
    'Bearer',
    'Bearer ',
    'Bearer a b',
    'Bearer a,b',
    'Bearer a=b',
    'Bearer =',
    'Bearer "a"',
    'Bearer\ta',
    'Bearer a\n',
    'Bearer Bearer a',
    'Basic YTpi',
    'DPoP a',
    'xBearer a',
  ])('%j was presented, and is no token', (authorization) => {
    const presented = presentedBearer(authorization);
    expect(presented).not.toBeNull();
    expect(presented).not.toBe('a');
    expect(presented).not.toMatch(/^(cs|rat|iat)_/);
  });

  test('without a scheme was presented, and never passes for the token that it spells', () => {
    const presented = presentedBearer('rat_abc');
    expect(presented).not.toBeNull();
    expect(presented).not.toBe('rat_abc');
  });
});
