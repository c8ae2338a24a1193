import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { anchorsOf, linksOf } from '../support/markdown.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Folders that are made, not written. */
const MADE = new Set(['node_modules', 'dist', 'coverage', 'target', '.git', '.clientele']);

/** Every Markdown document of the repository, by its path from the root. */
function documents(folder = ''): string[] {
  return readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) return MADE.has(entry.name) ? [] : documents(file);
    return entry.name.endsWith('.md') ? [file] : [];
  });
}

const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');
const elsewhere = (target: string): boolean => /^[a-z][a-z\d+.-]*:/i.test(target);

/** What is wrong with a link of a document, or undefined. */
function fault(document: string, target: string): string | undefined {
  const [file = '', fragment] = target.split('#');
  if (file.startsWith('/')) return 'begins at the root of a disk';
  const linked = file === '' ? document : path.join(path.dirname(document), decodeURIComponent(file));
  if (linked.startsWith('..') || !existsSync(path.join(root, linked))) return 'no such file';
  if (fragment === undefined) return undefined;
  return linked.endsWith('.md') && anchorsOf(read(linked)).has(fragment) ? undefined : 'no such heading';
}

describe('links to files and headings', () => {
  it.each(documents())('of %s lead somewhere', (document) => {
    const dead = linksOf(read(document))
      .filter(({ target }) => !elsewhere(target))
      .flatMap(({ line, target }) => {
        const problem = fault(document, target);
        return problem === undefined ? [] : [`line ${line}: ${target}: ${problem}`];
      });
    expect(dead).toEqual([]);
  });
});

describe('a document', () => {
  it.each(documents('docs').filter((file) => !file.startsWith(path.join('docs', 'adr'))))(
    '%s is linked from another one',
    (wanted) => {
      const linking = documents().filter(
        (document) =>
          document !== wanted &&
          linksOf(read(document)).some(
            ({ target }) =>
              !elsewhere(target) && path.join(path.dirname(document), target.split('#')[0]!) === wanted,
          ),
      );
      expect(linking).not.toEqual([]);
    },
  );
});

describe('reading Markdown', () => {
  it('finds links in prose and none in code', () => {
    const text = ['[a](a.md) ![b](<b.png> "B") `[c](c.md)`', '```', '[d](d.md)', '```', '[e]: e.md'].join(
      '\n',
    );
    expect(linksOf(text)).toEqual([
      { line: 1, target: 'a.md' },
      { line: 1, target: 'b.png' },
      { line: 5, target: 'e.md' },
    ]);
  });

  it('makes the anchors that GitHub makes', () => {
    const text = [
      '# One, two',
      '## `GET /a/{b}`',
      '```',
      '# no',
      '```',
      '### One, two',
      '## [Link](x.md) ÜBER',
    ];
    expect([...anchorsOf(text.join('\n'))]).toEqual(['one-two', 'get-ab', 'one-two-1', 'link-über']);
  });
});
