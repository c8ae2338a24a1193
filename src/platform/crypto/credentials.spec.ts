import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import {
  credentialPrefixes,
  matchesCredential,
  mintCredential,
  newClientId,
  randomId,
} from './credentials.js';

const NOW = Date.parse('2026-11-23T12:00:00.000Z');
const kinds = Object.keys(credentialPrefixes) as (keyof typeof credentialPrefixes)[];

describe.each(kinds)('a %s', (kind) => {
  test('T-06 is its prefix and 256 bits in an alphabet that no encoding changes', () => {
    const { text } = mintCredential(kind, NOW);
    expect(text).toMatch(new RegExp(`^${credentialPrefixes[kind]}[A-Za-z0-9_-]{43}$`));
    expect(encodeURIComponent(text)).toBe(text);
  });

  test('is kept as a digest only, with a public id that is not part of the secret', () => {
    const { text, credential } = mintCredential(kind, NOW);
    expect(credential).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{24}$/) as string,
      alg: 'sha256',
      digest: createHash('sha256').update(text).digest('base64url'),
      created_at: '2026-11-23T12:00:00.000Z',
      expires_at: null,
    });
    expect(text).not.toContain(credential.id);
  });

  test('matches itself and nothing near it', () => {
    const { text, credential } = mintCredential(kind, NOW);
    expect(matchesCredential(text, credential, NOW)).toBe(true);
    const near = [
      '',
      text.slice(0, -1),
      `${text}A`,
      ` ${text}`,
      text.toUpperCase(),
      text.slice(credentialPrefixes[kind].length),
      credential.digest,
      mintCredential(kind, NOW).text,
    ];
    for (const other of near) expect(matchesCredential(other, credential, NOW)).toBe(false);
  });
});

describe('a credential', () => {
  test('with an id carries it in its text, so that its row can be found', () => {
    const { text, credential } = mintCredential('initial_access_token', NOW, { id: 'a'.repeat(24) });
    expect(text).toMatch(/^iat_a{24}_[A-Za-z0-9_-]{43}$/);
    expect(credential.id).toBe('a'.repeat(24));
  });

  test('with a lifetime in seconds lives exactly so long', () => {
    const { text, credential } = mintCredential('client_secret', NOW, { lifetime: 60 });
    expect(credential.expires_at).toBe('2026-11-23T12:01:00.000Z');
    expect(matchesCredential(text, credential, NOW + 59_999)).toBe(true);
    expect(matchesCredential(text, credential, NOW + 60_000)).toBe(false);
  });

  test('that does not exist matches nothing', () => {
    expect(matchesCredential('', null, NOW)).toBe(false);
    expect(matchesCredential('cs_anything', undefined, NOW)).toBe(false);
  });

  test.each([
    ['empty', ''],
    ['shorter than SHA-256', 'ZGlnZXN0'],
    ['longer than SHA-256', 'A'.repeat(86)],
    ['no base64url', '!'.repeat(43)],
  ])('whose digest is %s matches nothing and breaks nothing', (_, digest) => {
    const { text, credential } = mintCredential('client_secret', NOW);
    expect(matchesCredential(text, { ...credential, digest }, NOW)).toBe(false);
  });

  test('whose expiry cannot be read matches nothing', () => {
    const { text, credential } = mintCredential('client_secret', NOW);
    expect(matchesCredential(text, { ...credential, expires_at: 'some day' }, NOW)).toBe(false);
  });
});

describe('R-66, P11 a client_id of our own', () => {
  test('has its prefix, 128 bits and the safe alphabet, and is never a URL', () => {
    for (let n = 0; n < 1_000; n++) {
      const id = newClientId();
      expect(id).toMatch(/^c_[A-Za-z0-9_-]{22}$/);
      expect(URL.canParse(id)).toBe(false);
    }
  });
});

describe('10,000 of a kind', () => {
  test.each([
    ['client ids', newClientId],
    ['ids', randomId],
    ['credentials', () => mintCredential('client_secret', NOW).text],
  ])('%s are all different', (_, make) => {
    expect(new Set(Array.from({ length: 10_000 }, make)).size).toBe(10_000);
  });
});

describe('K1 a comparison', () => {
  test('takes the same time for a wrong text, a credential that has expired, and none: medians of samples taken in turn', () => {
    const live = mintCredential('registration_access_token', NOW);
    const expired = mintCredential('registration_access_token', NOW, { lifetime: 1 });
    const cases = [
      () => matchesCredential(expired.text, live.credential, NOW + 2_000),
      () => matchesCredential(expired.text, expired.credential, NOW + 2_000),
      () => matchesCredential(expired.text, null, NOW + 2_000),
    ];
    const samples: number[][] = cases.map(() => []);
    for (let round = 0; round < 400; round++) {
      for (const [index, compare] of cases.entries()) {
        const start = performance.now();
        for (let times = 0; times < 50; times++) compare();
        // The first rounds warm up.
        if (round >= 100) samples[index]!.push(performance.now() - start);
      }
    }
    const medians = samples.map((times) => times.toSorted((a, b) => a - b)[times.length >> 1]!);
    // A comparison that is skipped, or made twice, would show as a multiple.
    expect(Math.max(...medians) / Math.min(...medians)).toBeLessThan(1.6);
  });
});
