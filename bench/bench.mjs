// One run of the benchmark from beginning to end.
import { readFileSync, writeFileSync } from 'node:fs';
import { startOwnCluster } from './contestants/cluster.mjs';
import { LoadGenerator } from './load/load-generator.mjs';
import { Progress } from './report/progress.mjs';
import { recordResult } from './report/results-file.mjs';
import { surroundings } from './report/surroundings.mjs';
import { writeReport } from './report/write-report.mjs';
import { families } from './scenarios/families.mjs';

const RESULTS = new URL('RESULTS.md', import.meta.url);

/**
 * @param {ReturnType<typeof import('./options.mjs').readOptions>} options
 * @throws {Error} at the first wrong answer of any contestant
 */
export async function bench(options) {
  const progress = new Progress();
  const generator = new LoadGenerator();
  const cluster = await startOwnCluster();
  const { command } = options;
  const circumstances = surroundings(cluster);
  const context = { cluster, generator, progress, effort: options.effort, quick: options.quick };
  const results = [];
  try {
    for (const name of options.chosen) results.push(...(await families[name](context)));
  } finally {
    generator.stop();
    await cluster.destroy();
  }
  const report = writeReport({ surroundings: circumstances, command, results });
  process.stdout.write(`\n${report}`);
  if (options.json)
    writeFileSync(options.json, JSON.stringify({ ...circumstances, command, results }, null, 2));
  if (options.record) writeFileSync(RESULTS, recordResult(readFileSync(RESULTS, 'utf8'), report));
}
