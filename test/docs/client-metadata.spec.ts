import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { METADATA_TABLE } from '../../src/domain/metadata/metadata-table.js';

const document = readFileSync(new URL('../../docs/client-metadata.md', import.meta.url), 'utf8');
const [understood = '', ignored = ''] = document.split('## Ignored');
const named = (text: string): string[] => [...text.matchAll(/`([a-z][a-z_]+)`/g)].map(([, name]) => name!);

describe('the reference of client metadata', () => {
  it('names every member of the table, and says how a switch stands that was left out', () => {
    const missing = METADATA_TABLE.filter(({ name }) => !named(understood).includes(name));
    expect(missing.map(({ name }) => name)).toEqual([]);
    for (const { name } of METADATA_TABLE.filter(({ type }) => type === 'boolean')) {
      expect(understood).toMatch(new RegExp(`^\\| \`${name}\` .*\\| \`false\` *\\|$`, 'm'));
    }
  });

  it('R-05 calls ignored only what is', () => {
    const table = new Set(METADATA_TABLE.map(({ name }) => name));
    expect(named(ignored).filter((name) => table.has(name))).toEqual([]);
    expect(named(ignored)).toContain('request_uris');
  });
});
