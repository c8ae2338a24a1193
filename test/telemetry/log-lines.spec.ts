import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, it } from 'vitest';

const source = fileURLToPath(new URL('../../src/', import.meta.url));
const guide = fileURLToPath(new URL('../../docs/guides/observability.md', import.meta.url));

const SHOWN = ['info', 'warn', 'error', 'fatal'];
/** Passes on what others log. */
const GOES_THROUGH = 'nest-logger.ts';

/** The constant part of a text; what is filled in is an ellipsis. Undefined for what is no text. */
function textOf(node: ts.Node | undefined): string | undefined {
  if (!node) return undefined;
  if (ts.isStringLiteralLike(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return undefined;
  return `${node.head.text}…${node.templateSpans.map((span) => span.literal.text).join('…')}`.replace(
    /…$/,
    '…',
  );
}

/** All string literals of an expression: `cond ? 'debug' : 'warn'` may be either. */
function literals(node: ts.Node): string[] {
  if (ts.isStringLiteralLike(node)) return [node.text];
  const found: string[] = [];
  node.forEachChild((child) => void found.push(...literals(child)));
  return found;
}

/** `level msg` of a call such as `logger.warn({ … }, 'msg')` or `logger[level](…, 'msg')`. */
function fromCall(node: ts.CallExpression): string[] {
  const { expression: callee } = node;
  const byName = ts.isPropertyAccessExpression(callee);
  if (!byName && !ts.isElementAccessExpression(callee)) return [];
  if (!/\blogs?\b|logger/i.test(callee.expression.getText())) return [];
  const levels = byName ? [callee.name.text] : literals(callee.argumentExpression);
  const message = node.arguments.map(textOf).findLast((text) => text !== undefined);
  const shown = levels.filter((level) => SHOWN.includes(level));
  if (message === undefined) return byName ? shown.map((level) => `${level} without a message`) : [];
  return shown.map((level) => `${level} ${message}`);
}

/** `level msg` of a row `{ level: 'warn', text: 'msg' }`. */
function fromRow(node: ts.ObjectLiteralExpression): string[] {
  const member = (name: string): string | undefined =>
    node.properties
      .filter(ts.isPropertyAssignment)
      .filter((property) => property.name.getText() === name)
      .map((property) => textOf(property.initializer))
      .at(0);
  const level = member('level');
  const text = member('text');
  return level !== undefined && text !== undefined && SHOWN.includes(level) ? [`${level} ${text}`] : [];
}

function linesOf(node: ts.Node): string[] {
  const own = ts.isCallExpression(node)
    ? fromCall(node)
    : ts.isObjectLiteralExpression(node)
      ? fromRow(node)
      : [];
  const below: string[] = [];
  node.forEachChild((child) => void below.push(...linesOf(child)));
  return [...own, ...below];
}

function written(): Set<string> {
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !file.endsWith('spec.ts') && path.basename(file) !== GOES_THROUGH,
  );
  return new Set(
    files.flatMap((file) => {
      const text = readFileSync(path.join(source, file), 'utf8');
      return linesOf(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true));
    }),
  );
}

function documented(): Set<string> {
  const [, table] = /<!-- log lines:[^\n]*-->([\s\S]*)$/.exec(readFileSync(guide, 'utf8'))!;
  return new Set(
    [...table!.matchAll(/^\| (info|warn|error|fatal) +\| `([^`]+)` +\|/gm)].map(
      ([, level, message]) => `${level} ${message}`,
    ),
  );
}

it('every log line from info on has a row in the guide, and every row a line', () => {
  const lines = written();
  expect(lines.size).toBeGreaterThan(30);
  expect([...documented()].toSorted()).toEqual([...lines].toSorted());
});
