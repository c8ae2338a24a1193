// The load generator's process: runs what its parent sends, one drive at a time, and ends when the parent does.
import { drive } from './drive.mjs';
import { workloads } from './workloads.mjs';

/** Prepared workloads by name; they may remember something from one drive to the next. */
const prepared = new Map();

async function answer({ settings, name, load }) {
  try {
    let workload = prepared.get(name);
    if (workload === undefined) {
      workload = workloads[load.workload](load.parameters, settings.target);
      prepared.set(name, workload);
    }
    const before = process.cpuUsage();
    const result = await drive(settings, workload);
    const { user, system } = process.cpuUsage(before);
    process.send({ result: { ...result, generatorCpu: (user + system) / Math.max(1, result.count) } });
  } catch (error) {
    process.send({ error: error instanceof Error ? error.message : String(error) });
  }
}

process.on('message', (message) => void answer(message));
process.once('disconnect', () => process.exit());
