// The load generator's process: runs what its parent sends, one drive at a time, and ends when the parent does.
import { drive } from './drive.mjs';
import { workloads } from './workloads.mjs';

async function answer({ settings, workload, parameters }) {
  try {
    const before = process.cpuUsage();
    const result = await drive(settings, workloads[workload](parameters, settings.target));
    const { user, system } = process.cpuUsage(before);
    process.send({ result: { ...result, generatorCpu: (user + system) / Math.max(1, result.count) } });
  } catch (error) {
    process.send({ error: error instanceof Error ? error.message : String(error) });
  }
}

process.on('message', (message) => void answer(message));
process.once('disconnect', () => process.exit());
