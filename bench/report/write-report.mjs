// A run as Markdown: for the terminal and for bench/RESULTS.md.
import { median } from '../load/latencies.mjs';
import { judge } from './bars.mjs';
import { round, spread } from './numbers.mjs';
import { table } from './table.mjs';

/**
 * @param {object} run
 * @param {ReturnType<typeof import('./surroundings.mjs').surroundings>} run.surroundings
 * @param {string} run.command
 * @param {readonly object[]} run.results as scenarios answer them
 * @returns {string} a section of level two
 */
export function writeReport({ surroundings, command, results }) {
  const comparisons = results.filter((result) => result.rows);
  const measurements = results.filter((result) => result.measurements);
  return [
    heading(surroundings, command, comparisons),
    ...comparisons.map(comparison),
    measurementTable(measurements),
    barTable(judge(results)),
  ]
    .filter((part) => part !== '')
    .join('\n');
}

function heading({ date, commit, machine, software, loadBefore }, command, comparisons) {
  const others = comparisons.flatMap(({ rows }) => rows.flatMap(({ runs }) => runs.map((run) => run.others)));
  const busy =
    others.length === 0
      ? ''
      : `, other processes used ${percent(median(others))} of it (at worst ${percent(Math.max(...others))})`;
  return `## ${date} UTC, ${commit}

- \`${command}\`, zero errors
- ${machine}; ${software}
- Load of the machine: ${round(loadBefore)} before the run${busy}
`;
}

function comparison({ title, rows, notes = [] }) {
  const [own] = rows;
  const rateOf = (row) => median(row.runs.map((run) => run.rate));
  const figures = (row, name) => spread(row.runs.map((run) => run[name]));
  const middle = (row, name) => round(median(row.runs.map((run) => run[name])));
  const body = rows.map((row) => [
    row.contestant,
    figures(row, 'rate'),
    row === own ? '' : `${round(rateOf(own) / rateOf(row))} ×`,
    middle(row, 'p50'),
    figures(row, 'p99'),
    middle(row, 'nodeCpu'),
    middle(row, 'databaseCpu'),
    middle(row, 'generatorCpu'),
  ]);
  const headings = [
    '',
    '>a second',
    '>Clientele : it',
    '>p50 ms',
    '>p99 ms',
    '>Node µs',
    '>PostgreSQL µs',
    '>generator µs',
  ];
  return `### ${capital(title)}\n\n${table(headings, body)}${notes.map((note) => `\n${note}\n`).join('')}`;
}

function measurementTable(results) {
  const rows = results.flatMap(({ measurements }) =>
    measurements.map(({ text, values, unit, note = '' }) => [text, `${spread(values)} ${unit}`, note]),
  );
  return rows.length === 0 ? '' : `### Clientele alone\n\n${table(['', '>measured', ''], rows)}`;
}

function barTable(verdicts) {
  const rows = verdicts.map(({ text, measured, unit, met }) => [
    text,
    `${round(measured)} ${unit}`,
    met ? 'met' : '**not met**',
  ]);
  return rows.length === 0 ? '' : `### Bars\n\n${table(['', '>measured', ''], rows)}`;
}

const percent = (share) => `${Math.round(share * 100)} %`;
const capital = (text) => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
