import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Credential } from '../../../contract/credential.js';
import { secretMatches } from './client-secret.js';

function secret(text: string): Credential {
  const digest = createHash('sha256').update(text).digest('base64url');
  return { id: text, alg: 'sha256', digest, created_at: '2026-11-01T00:00:00.000Z', expires_at: null };
}

describe('secretMatches', () => {
  it('accepts each live secret while they are rotated', () => {
    const secrets = [secret('old'), secret('new')];
    expect(secretMatches('old', secrets)).toBe(true);
    expect(secretMatches('new', secrets)).toBe(true);
    expect(secretMatches('other', secrets)).toBe(false);
  });

  it('refuses everything where there is no secret, and digests that are none', () => {
    expect(secretMatches('', [])).toBe(false);
    expect(secretMatches('s', [{ ...secret('s'), digest: '' }])).toBe(false);
    expect(secretMatches(secret('s').digest, [secret('s')])).toBe(false);
  });
});
