// Measures contestants side by side: all warm, then in turn, several times over.
import { availableParallelism } from 'node:os';
import { familyProcessorTime, machineProcessorTime, processorTime } from '../measure/processor-time.mjs';

/**
 * @typedef {object} Comparison
 * @property {string} id
 * @property {string} title
 * @property {number} connections
 * @property {readonly string[]} [notes] what a reader of the result has to know
 * @property {(contestant: object) => Promise<Load>} prepare
 */
/**
 * @typedef {object} Load
 * @property {keyof typeof import('../load/workloads.mjs').workloads} workload
 * @property {object} parameters
 * @property {(sample: {head: string, body: string}) => void | Promise<void>} check an answer of every run
 */
/**
 * @typedef {object} Measured one run of one contestant
 * @property {number} rate a second
 * @property {number} p50 milliseconds
 * @property {number} p99
 * @property {number} max
 * @property {number} nodeCpu microseconds a request, of its Node process
 * @property {number} databaseCpu of all PostgreSQL processes
 * @property {number} generatorCpu of the load generator
 * @property {number} others share of the machine's processor time that went to anything else, 0 to 1
 * @property {number} count
 */

/**
 * @param {object} context
 * @param {import('../load/load-generator.mjs').LoadGenerator} context.generator
 * @param {import('../contestants/cluster.mjs').Cluster} context.cluster
 * @param {import('../report/progress.mjs').Progress} context.progress
 * @param {{runs: number, seconds: number, warmUpSeconds: number}} context.effort
 * @param {Comparison} comparison
 * @param {readonly object[]} contestants
 * @returns {Promise<{id: string, title: string, rows: {contestant: string, runs: Measured[]}[]}>}
 */
export async function compare(context, comparison, contestants) {
  const { effort, progress } = context;
  const { id, title, notes } = comparison;
  const entries = [];
  for (const contestant of contestants) {
    progress.say(`${title}: warming up ${contestant.name}`);
    const load = await comparison.prepare(contestant);
    await measure(context, comparison, contestant, load, effort.warmUpSeconds);
    entries.push({ contestant, load, runs: [] });
  }
  for (let run = 1; run <= effort.runs; run += 1) {
    for (const { contestant, load, runs } of entries) {
      progress.say(`${title}: ${contestant.name}, run ${run} of ${effort.runs}`);
      runs.push(await measure(context, comparison, contestant, load, effort.seconds));
    }
  }
  const rows = entries.map(({ contestant, runs }) => ({ contestant: contestant.name, runs }));
  return { id, title, notes, rows };
}

/** @returns {Promise<Measured>} */
async function measure({ generator, cluster }, { id, title, connections }, contestant, load, seconds) {
  const processes = { node: contestant.pid, database: cluster.pid, generator: generator.pid };
  const before = takeTimes(processes);
  let result;
  try {
    result = await generator.drive(
      { target: contestant.target, connections, seconds },
      `${id} ${contestant.name}`,
      load,
    );
    contestant.assertRunning();
  } catch (error) {
    throw new Error(`${title}, ${contestant.name}: ${error.message}`, { cause: error });
  }
  const spent = difference(takeTimes(processes), before);
  await load.check(result.sample);
  const { count, p50, p99, max, generatorCpu } = result;
  const ours = spent.node + spent.database + spent.generator;
  return {
    rate: count / result.seconds,
    p50,
    p99,
    max,
    nodeCpu: spent.node / count,
    databaseCpu: spent.database / count,
    generatorCpu,
    others: Math.max(0, spent.machine - ours) / (spent.clock * availableParallelism()),
    count,
  };
}

/** All in microseconds. */
function takeTimes({ node, database, generator }) {
  return {
    node: processorTime(node),
    database: familyProcessorTime(database),
    generator: processorTime(generator),
    machine: machineProcessorTime(),
    clock: performance.now() * 1000,
  };
}

function difference(after, before) {
  return Object.fromEntries(Object.entries(after).map(([name, value]) => [name, value - before[name]]));
}
