import { describe, expect, test } from 'vitest';
import { A_FINDING } from '../../test/support/client-events.js';
import { denialCode } from './rejection.js';

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
