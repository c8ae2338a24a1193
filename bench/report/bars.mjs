// What Clientele promises about its speed, and whether this run kept it. Timings never fail a run; they are told.
import { median } from '../load/latencies.mjs';

/**
 * @typedef {object} Bar
 * @property {string} text
 * @property {string} scenario id of the result it is about
 * @property {(result: object, find: (id: string) => object | undefined) => number | undefined} measure undefined when
 *   the results do not have it
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
/** The median of a measurement of Clientele alone. */
const measurement = (name) => (result) => {
  const values = result.measurements.find((one) => one.name === name)?.values;
  return values && median(values);
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
  {
    text: 'registrations with 1,000,000 clients stored, at least 0.9 × those with none',
    scenario: 'stored-1000000',
    measure: (result, find) => clientele('rate')(result) / clientele('rate')(find('stored-0')),
    atLeast: 0.9,
    unit: '×',
  },
  {
    text: 'directory lookups, at least 10,000/s',
    scenario: 'directory',
    measure: measurement('rate'),
    atLeast: 10_000,
    unit: '/s',
  },
  {
    text: 'policy evaluation, p99 under 0.2 ms inside the WebAssembly',
    scenario: 'policy',
    measure: measurement('inside-p99'),
    under: 0.2,
    unit: 'ms',
  },
  {
    text: 'start to the first 201 with an existing database, under 5 s',
    scenario: 'start',
    measure: measurement('existing'),
    under: 5,
    unit: 's',
  },
  {
    text: 'relay drains at least 10,000 events/s',
    scenario: 'relay-drain',
    measure: measurement('rate'),
    atLeast: 10_000,
    unit: '/s',
  },
  {
    text: 'relay adds less than 1 s at p99',
    scenario: 'relay-delay',
    measure: measurement('p99'),
    under: 1000,
    unit: 'ms',
  },
  {
    text: 'resident memory at 100,000 clients, under 300 MB',
    scenario: 'memory',
    measure: measurement('at 100,000 clients, after the load'),
    under: 300e6 / 2 ** 20,
    unit: 'MiB',
  },
];

/**
 * @param {readonly object[]} results
 * @returns {{text: string, measured: number, unit: string, met: boolean}[]} only of bars whose scenarios ran
 */
export function judge(results) {
  const find = (wanted) => results.find(({ id }) => id === wanted);
  return bars.flatMap(({ text, scenario, measure, unit, ...limits }) => {
    const result = find(scenario);
    const measured = result && measure(result, find);
    if (measured === undefined) return [];
    return [{ text, measured, unit, met: within(measured, limits) }];
  });
}

function within(measured, { atLeast = -Infinity, under = Infinity, atMost = Infinity }) {
  return measured >= atLeast && measured < under && measured <= atMost;
}
