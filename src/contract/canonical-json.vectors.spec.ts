import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { canonicalJson } from './canonical-json.js';

/**
 * Documents that the Python package `rfc8785` 0.1.4 made canonical, written once by a script with a fixed seed: strings of
 * letters beyond the basic plane, control characters, names like numbers; numbers of every size.
 */
const { vectors } = JSON.parse(
  readFileSync(new URL('canonical-json.vectors.json', import.meta.url), 'utf8'),
) as { vectors: readonly { json: string; canonical: string }[] };

describe('V4 the canonical form', () => {
  test('is byte for byte what another implementation makes of the same documents', () => {
    expect(vectors).toHaveLength(150);
    for (const { json, canonical } of vectors) {
      expect(canonicalJson(JSON.parse(json))).toBe(canonical);
    }
  });

  test('is its own canonical form', () => {
    for (const { canonical } of vectors) expect(canonicalJson(JSON.parse(canonical))).toBe(canonical);
  });
});
