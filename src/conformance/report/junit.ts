import { countVerdicts, type RunResult, type TestResult } from '../result.js';

/** A run in the XML that build servers read; a suite for each chapter. Warnings pass, and are told of in the output. */
export function junitReport(run: RunResult): string {
  const chapters = [...new Set(run.results.map(({ chapter }) => chapter))];
  const suites = chapters.map((chapter) =>
    suite(
      chapter,
      run.results.filter((result) => result.chapter === chapter),
    ),
  );
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    element('testsuites', { name: run.issuer, ...totals(run.results) }, suites),
    '',
  ].join('\n');
}

function suite(name: string, results: readonly TestResult[]): string {
  return element('testsuite', { name, ...totals(results) }, results.map(testCase));
}

function totals(results: readonly TestResult[]): Readonly<Record<string, string | number>> {
  const { fail, error, skipped } = countVerdicts(results);
  const milliseconds = results.reduce((sum, result) => sum + result.milliseconds, 0);
  return { tests: results.length, failures: fail, errors: error, skipped, time: milliseconds / 1_000 };
}

function testCase(result: TestResult): string {
  const { id, title, chapter, verdict, milliseconds, found, expected } = result;
  const attributes = { classname: chapter, name: `${id} ${title}`, time: milliseconds / 1_000 };
  const details = JSON.stringify(
    { expected, found, reference: result.reference, rule: result.rule, exchange: result.exchange },
    null,
    2,
  );
  const message = expected === null ? (found ?? '') : `expected ${expected}; found ${found ?? ''}`;
  switch (verdict) {
    case 'pass':
      return element('testcase', attributes, []);
    case 'fail':
      return element('testcase', attributes, [element('failure', { message }, [escape(details)])]);
    case 'error':
      return element('testcase', attributes, [element('error', { message }, [escape(details)])]);
    case 'skipped':
      return element('testcase', attributes, [element('skipped', { message }, [])]);
    case 'warning':
      return element('testcase', attributes, [
        element('system-out', {}, [escape(`warning: ${message}\n${details}`)]),
      ]);
  }
}

function element(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  children: readonly string[],
): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escape(String(value))}"`);
  const open = `<${name}${written.join('')}`;
  return children.length === 0 ? `${open}/>` : `${open}>${children.join('\n')}</${name}>`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** XML 1.0 knows hardly any control characters, not even escaped ones. */
function escape(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/(?![\t\n\r])\p{Cc}|[\ufffe\uffff]/gu, '\ufffd')
    .replaceAll(/[&<>"]/g, (character) => ENTITIES[character] ?? character);
}
