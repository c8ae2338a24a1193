import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Credential } from '../../../contract/credential.js';
import { secretMatches } from './client-secret.js';

const NOW = Date.parse('2026-11-22T12:00:00.000Z');

function secret(text: string, expiresAt: string | null = null): Credential {
  const digest = createHash('sha256').update(text).digest('base64url');
  return { id: text, alg: 'sha256', digest, created_at: '2026-11-01T00:00:00.000Z', expires_at: expiresAt };
}

describe('secretMatches', () => {
  it('accepts each live secret while they are rotated', () => {
    const secrets = [secret('old'), secret('new')];
    expect(secretMatches('old', secrets, NOW)).toBe(true);
    expect(secretMatches('new', secrets, NOW)).toBe(true);
    expect(secretMatches('other', secrets, NOW)).toBe(false);
  });

  it('R-69 K5 refuses an expired one, to the millisecond', () => {
    expect(secretMatches('s', [secret('s', '2026-11-22T12:00:00.001Z')], NOW)).toBe(true);
    expect(secretMatches('s', [secret('s', '2026-11-22T12:00:00.000Z')], NOW)).toBe(false);
  });

  it('refuses everything where there is no secret, and digests that are none', () => {
    expect(secretMatches('', [], NOW)).toBe(false);
    expect(secretMatches('s', [{ ...secret('s'), digest: '' }], NOW)).toBe(false);
    expect(secretMatches(secret('s').digest, [secret('s')], NOW)).toBe(false);
  });
});
