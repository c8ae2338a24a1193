// What Clientele promises about its speed, and whether this run kept it. Timings never fail a run; they are told.
import { median } from '../load/latencies.mjs';

/**
 * @typedef {object} Bar
 * @property {string} text
 * @property {string} scenario id of the result it is about
 * @property {(result: object) => number | undefined} measure undefined when the result does not have it
 * @property {number} [atLeast]
 * @property {number} [under]
 * @property {number} [atMost]
 * @property {string} unit
 */

/** The median of one figure of a contestant's runs. */
const of = (figure, contestant) => (result) => {
  const runs = result.rows?.find((row) => row.contestant === contestant)?.runs;
  return runs && median(runs.map((run) => run[figure]));
};
const clientele = (figure) => of(figure, 'Clientele');
const timesThe = (peer) => (result) => {
  const theirs = of('rate', peer)(result);
  return theirs && clientele('rate')(result) / theirs;
};

/** @type {readonly Bar[]} */
const bars = [
  {
    text: 'public registrations, at least 2.5 × oidc-provider',
    scenario: 'registration-public-32',
    measure: timesThe('oidc-provider'),
    atLeast: 2.5,
    unit: '×',
  },
  {
    text: 'public registrations, at least 1.25 × the MCP SDK',
    scenario: 'registration-public-32',
    measure: timesThe('MCP SDK'),
    atLeast: 1.25,
    unit: '×',
  },
  {
    text: 'public registrations, p99 under 50 ms at 32 connections',
    scenario: 'registration-public-32',
    measure: clientele('p99'),
    under: 50,
    unit: 'ms',
  },
  {
    text: 'one connection, p50 at most 1.0 ms',
    scenario: 'registration-public-1',
    measure: clientele('p50'),
    atMost: 1,
    unit: 'ms',
  },
  {
    text: 'one connection, p99 at most 4 ms',
    scenario: 'registration-public-1',
    measure: clientele('p99'),
    atMost: 4,
    unit: 'ms',
  },
  {
    text: 'RFC 7592 reads, at least 6,000/s',
    scenario: 'reads-32',
    measure: clientele('rate'),
    atLeast: 6000,
    unit: '/s',
  },
  {
    text: 'tokens, no fewer than oidc-provider',
    scenario: 'tokens-32',
    measure: timesThe('oidc-provider'),
    atLeast: 1,
    unit: '×',
  },
];

/**
 * @param {readonly object[]} results
 * @returns {{text: string, measured: number, unit: string, met: boolean}[]} only of bars whose scenarios ran
 */
export function judge(results) {
  return bars.flatMap(({ text, scenario, measure, unit, ...limits }) => {
    const result = results.find(({ id }) => id === scenario);
    const measured = result && measure(result);
    if (measured === undefined) return [];
    return [{ text, measured, unit, met: within(measured, limits) }];
  });
}

function within(measured, { atLeast = -Infinity, under = Infinity, atMost = Infinity }) {
  return measured >= atLeast && measured < under && measured <= atMost;
}
