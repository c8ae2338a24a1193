import type { Paint } from '../framework/output.js';
import type { Finding, Status } from './check.js';

const NAME_WIDTH = 28;

/** A finding as a person reads it: one line, and one below that says what to do. */
export function describe({ check, status, found, advice }: Finding, paint: Paint): string {
  const painters: Readonly<Record<Status, (text: string) => string>> = {
    ok: (text) => paint.green(text),
    warn: (text) => paint.yellow(text),
    fail: (text) => paint.red(text),
    skip: (text) => paint.dim(text),
  };
  const line = `${painters[status](status.padEnd(4))}  ${check.padEnd(NAME_WIDTH)}  ${found}`;
  return advice === null ? line : `${line}\n      ${' '.repeat(NAME_WIDTH)}  ${paint.bold(advice)}`;
}

/** The last line. */
export function summarise(findings: readonly Finding[]): string {
  const count = (status: Status): number => findings.filter((finding) => finding.status === status).length;
  return `${findings.length} checks: ${count('ok')} ok, ${count('warn')} warnings, ${count('fail')} failures, ${count('skip')} skipped`;
}
