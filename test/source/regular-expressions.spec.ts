import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';

const source = fileURLToPath(new URL('../../src/', import.meta.url));
const BYTES = 64 * 1024;
const MOST_MS = 5;

/** What is shorter before an expression sees it, by a part of its source: code units. */
const SHORTER: readonly (readonly [part: string, most: number])[] = [['%[0-9A-Fa-f]{2})*$', 2_048]];

/** What the service runs on what comes in; commands and the start read only the operator's own words. */
const FOLDERS = ['contract', 'domain', 'application', 'features', 'platform'];

/** Every regular expression that is written out in the source. */
function expressions(): Map<string, RegExp> {
  const found = new Map<string, RegExp>();
  const collect = (node: ts.Node, file: string): void => {
    if (ts.isRegularExpressionLiteral(node)) {
      const end = node.text.lastIndexOf('/');
      // A sticky one begins where it is told to and nowhere else; that belongs to what it costs.
      const expression = new RegExp(node.text.slice(1, end), node.text.slice(end + 1).replace('g', ''));
      found.set(`${node.text} in ${file}`, expression);
    }
    node.forEachChild((child) => collect(child, file));
  };
  for (const folder of FOLDERS) {
    for (const name of readdirSync(path.join(source, folder), { recursive: true, encoding: 'utf8' })) {
      if (!name.endsWith('.ts') || name.endsWith('spec.ts') || name.includes('migrations')) continue;
      const file = path.join(folder, name);
      collect(
        ts.createSourceFile(file, readFileSync(path.join(source, file), 'utf8'), ts.ScriptTarget.Latest),
        file,
      );
    }
  }
  return found;
}

const repeated = (unit: string, length: number): string =>
  unit.repeat(Math.ceil(length / unit.length)).slice(0, length);

/** Long runs that nearly match, with an end that does not: what makes an expression go back and try again. */
function adversarial({ source: pattern }: RegExp): readonly string[] {
  const length = SHORTER.find(([part]) => pattern.includes(part))?.[1] ?? BYTES;
  const units = [
    'a',
    'A',
    '0',
    ' ',
    '-',
    '.',
    '/',
    ':',
    '%2',
    '%',
    '=',
    '_',
    '[',
    '\\',
    '"',
    '\n',
    'a.',
    'a-',
    '0.',
    ':0',
    'ab ',
    '://',
    ';',
    '\u00e9',
    '1e',
  ];
  // The beginning that an expression asks for, so that its middle gets to work.
  const beginnings = ['', 'https://', 'Bearer ', 'Basic ', 'https://a', '::ffff:', 'c_', '//'];
  const letters = [...new Set(pattern.replace(/\\[a-zA-Z]|[^\x21-\x7e]|[\\^$()[\]{}|?*+]/g, ''))].slice(
    0,
    12,
  );
  return [...units, ...letters].flatMap((unit) =>
    beginnings.flatMap((beginning) =>
      ['', '!', '\u0000'].map((end) => beginning + repeated(unit, length) + end),
    ),
  );
}

describe('V5 every regular expression of ours', () => {
  const all = expressions();

  test('was found', () => {
    expect(all.size).toBeGreaterThan(40);
  });

  test.each([...all.keys()])('%s takes 64 KiB of anything in 5 ms', (name) => {
    const expression = all.get(name)!;
    for (const text of adversarial(expression)) {
      // The best of five: others use this machine, too.
      let best = Infinity;
      for (let attempt = 0; attempt < 5 && best >= MOST_MS; attempt++) {
        const begun = performance.now();
        expression.lastIndex = 0;
        expression.test(text);
        best = Math.min(best, performance.now() - begun);
      }
      expect(best, `for ${JSON.stringify(text.slice(0, 20))}…`).toBeLessThan(MOST_MS);
    }
  });
});
