import { describe, expect, test } from 'vitest';
import { A_FINDING } from '../../test/support/client-events.js';
import { denialCode, isBeyondToken } from './rejection.js';

describe('R-72 the error code of a denial', () => {
  const elsewhere = { ...A_FINDING, field: 'grant_types' };
  test.each([
    ['about a redirect URI', [A_FINDING], 'invalid_redirect_uri'],
    ['about something else', [elsewhere], 'invalid_client_metadata'],
    ['about both, whatever comes first', [elsewhere, A_FINDING], 'invalid_redirect_uri'],
  ])('%s', (_, violations, code) => {
    expect(denialCode(violations)).toBe(code);
  });
});

describe('R-10 a denial is about the initial access token', () => {
  const constrained = { ...A_FINDING, rule: 'token_constraints', code: 'not_in_token' };
  test.each([
    ['where nothing else speaks against the client', [constrained, constrained], true],
    ['not where something else does, too', [constrained, A_FINDING], false],
    ['not where nothing does', [], false],
  ])('%s', (_, violations, expected) => {
    expect(isBeyondToken(violations)).toBe(expected);
  });
});
