// Drives a workload over a number of connections, in this process.
import { performance } from 'node:perf_hooks';
import { Connection } from './connection.mjs';
import { Latencies } from './latencies.mjs';

/**
 * What a connection does over and over. A flow is one or more requests, each sent when the one before was answered; a
 * latency is that of the whole flow.
 *
 * @typedef {object} Workload
 * @property {() => Flow} begin
 */
/**
 * @typedef {object} Flow
 * @property {Buffer} request the first
 * @property {number} expected the status it must be answered with
 * @property {(response: import('./response-parser.mjs').HttpResponse) => Flow | undefined} [next] what follows; nothing = done
 */
/**
 * @typedef {object} Drive
 * @property {import('./connection.mjs').Target} target
 * @property {number} connections
 * @property {number} seconds
 * @property {number} [rate] flows begun a second, spread evenly; as many as the connections can carry unless given
 */
/**
 * @typedef {object} DriveResult
 * @property {number} count flows that were completed
 * @property {number} seconds from the first request to the last answer
 * @property {number} p50 milliseconds
 * @property {number} p99
 * @property {number} max
 * @property {{status: number, head: string, body: string}} sample the first answer that ended a flow
 * @property {number} late flows that had to wait for a free connection, with `rate`
 */

/**
 * @param {Drive} drive
 * @param {Workload} workload
 * @returns {Promise<DriveResult>}
 * @throws {Error} at the first answer with another status than expected, and at the first broken connection
 */
export async function drive({ target, connections, seconds, rate }, workload) {
  let fail;
  const failed = new Promise((_, reject) => {
    fail = reject;
  });
  failed.catch(() => undefined);
  const open = await Promise.all(Array.from({ length: connections }, () => Connection.open(target, fail)));
  const latencies = new Latencies();
  let sample;
  const started = performance.now();
  const deadline = started + seconds * 1000;
  let ended = started;

  /** @returns {Promise<void>} */
  const run = (connection) =>
    new Promise((resolve) => {
      const begun = performance.now();
      const step = (flow) =>
        connection.send(flow.request, (response) => {
          if (response.status !== flow.expected) return fail(unexpected(response, flow.expected));
          const next = flow.next?.(response);
          if (next) return step(next);
          ended = performance.now();
          latencies.add(ended - begun);
          sample ??= { status: response.status, head: response.head, body: response.body.toString() };
          resolve();
        });
      try {
        step(workload.begin());
      } catch (error) {
        fail(error);
      }
    });

  try {
    const driving =
      rate === undefined ? flatOut(open, run, deadline) : paced(open, run, rate, started, deadline);
    const late = await Promise.race([driving, failed]);
    return {
      count: latencies.count,
      seconds: (ended - started) / 1000,
      ...latencies.summary(),
      sample,
      late,
    };
  } finally {
    for (const connection of open) connection.close();
  }
}

/** Each connection begins the next flow as soon as its last one is done. */
async function flatOut(open, run, deadline) {
  await Promise.all(
    open.map(async (connection) => {
      do await run(connection);
      while (performance.now() < deadline);
    }),
  );
  return 0;
}

/** Flows begin by the clock, whether or not earlier ones are done, as long as a connection is free. */
async function paced(open, run, rate, started, deadline) {
  const free = [...open];
  const done = [];
  let late = 0;
  const runOn = async (connection) => {
    await run(connection);
    free.push(connection);
  };
  while (performance.now() < deadline) {
    const due = Math.floor(((performance.now() - started) / 1000) * rate) - done.length;
    if (due > free.length) late += due - free.length;
    for (const connection of free.splice(0, due)) done.push(runOn(connection));
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await Promise.all(done);
  return late;
}

function unexpected({ head, body }, expected) {
  return new Error(`expected status ${expected}, got: ${head}\n\n${body.toString().slice(0, 500)}`);
}
