import type { ShownExchange } from '../http/shown-exchange.js';
import { countLevel, type RunResult, type TestResult, type Verdict } from '../result.js';
import type { Level } from '../conformance-test.js';

/** Colours, or none. */
export interface Colours {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  yellow(text: string): string;
  green(text: string): string;
}

const ID_WIDTH = 16;
const INDENT = ' '.repeat(9);

const labels: Readonly<Record<Verdict, string>> = {
  pass: 'pass',
  fail: 'FAIL',
  warning: 'warning',
  skipped: 'skipped',
  error: 'ERROR',
};

/** A test as it ends: a line, and below it what a failure is about. */
export function describeResult(result: TestResult, colours: Colours): readonly string[] {
  const { verdict, id, level, title, found } = result;
  const label = colourOf(verdict, colours)(labels[verdict].padEnd(8));
  const line = `${label} ${id.padEnd(ID_WIDTH)} ${colours.dim(level.padEnd(7))} ${title}`;
  switch (verdict) {
    case 'pass':
      return [line];
    case 'skipped':
      return [line, `${INDENT}${colours.dim(found ?? '')}`];
    case 'fail':
    case 'warning':
    case 'error':
      return [line, ...explain(result, colours), ''];
  }
}

function explain(
  { expected, found, reference, rule, exchange }: TestResult,
  colours: Colours,
): readonly string[] {
  return [
    ...(expected === null ? [] : [`${INDENT}expected  ${colours.bold(expected)}`]),
    `${INDENT}found     ${colours.bold(found ?? '')}`,
    `${INDENT}${reference}:`,
    ...fold(rule, `${INDENT}  `),
    ...(exchange === null ? [] : describeExchange(exchange).map((line) => `${INDENT}${colours.dim(line)}`)),
  ];
}

function describeExchange({ request, response }: ShownExchange): readonly string[] {
  return [
    `> ${request.method} ${request.url}`,
    ...Object.entries(request.headers).map(([name, value]) => `> ${name}: ${value}`),
    ...(request.body === null ? [] : [`> ${request.body}`]),
    `< ${response.status}`,
    ...Object.entries(response.headers).map(([name, value]) => `< ${name}: ${value}`),
    ...response.body
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line) => `< ${line}`),
  ];
}

/** The last lines: scores per level, and what was left behind. */
export function summarise(run: RunResult, colours: Colours): readonly string[] {
  const { results, clients, milliseconds } = run;
  const row = (level: Level): string => {
    const { pass, fail, warning, skipped, error } = countLevel(results, level);
    const unmet = level === 'MUST' ? `${fail} failed` : `${warning} warnings`;
    return `  ${level.padEnd(7)} ${pass} of ${pass + fail + warning + error} met, ${unmet}, ${error} errors, ${skipped} skipped`;
  };
  const levels = (['MUST', 'SHOULD', 'MAY'] as const).filter((level) =>
    results.some((result) => result.level === level),
  );
  return [
    colours.bold(
      `${results.length} tests of ${run.profiles.join(', ')} in ${(milliseconds / 1_000).toFixed(1)} s`,
    ),
    ...levels.map(row),
    `  ${clients.registered} clients registered, ${clients.deleted} deleted${
      clients.left === 0 ? '' : `, ${clients.left} left behind: they could not be deleted`
    }`,
  ];
}

function colourOf(verdict: Verdict, colours: Colours): (text: string) => string {
  const painters: Readonly<Record<Verdict, (text: string) => string>> = {
    pass: (text) => colours.green(text),
    fail: (text) => colours.red(text),
    warning: (text) => colours.yellow(text),
    skipped: (text) => colours.dim(text),
    error: (text) => colours.red(text),
  };
  return painters[verdict];
}

/** Breaks text between words. */
function fold(text: string, indent: string, width = 110): readonly string[] {
  const lines: string[] = [];
  let line = indent;
  for (const word of text.split(' ')) {
    if (line.length > indent.length && line.length + word.length + 1 > width) {
      lines.push(line);
      line = indent;
    }
    line += line.length === indent.length ? word : ` ${word}`;
  }
  return [...lines, line];
}
