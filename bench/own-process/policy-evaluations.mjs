// Evaluations of the shipped policy in its thread, as a registration asks for them.
import { readFileSync } from 'node:fs';
import { PolicyHost } from '../../dist/platform/opa/policy-host.js';
import { Latencies } from '../load/latencies.mjs';
import { answer, flatOut } from './answer.mjs';

const BUNDLE = new URL('../../policies/bundle/admission.tar.gz', import.meta.url);

answer(async ({ input, inFlight, runs, seconds, warmUpSeconds }) => {
  const host = new PolicyHost({ protocolMembers: new Set() });
  const { digest } = await host.load(readFileSync(BUNDLE));
  const evaluate = async () => {
    const { decision } = await host.evaluate(digest, input);
    if (decision.outcome !== 'allow') throw new Error(`the policy decided ${decision.outcome}`);
  };
  await flatOut(inFlight, warmUpSeconds, evaluate);
  const together = [];
  for (let run = 0; run < runs; run += 1) together.push(await flatOut(inFlight, seconds, evaluate));
  const alone = [];
  for (let run = 0; run < runs; run += 1) alone.push(await oneByOne(host, digest, input, seconds));
  await host.close();
  return { together: together.map(({ count, seconds: took, cpu }) => ({ rate: count / took, cpu })), alone };
});

/** From the call to its answer, the way to the thread and back included, beside what was spent in the WebAssembly. */
async function oneByOne(host, digest, input, seconds) {
  const latencies = new Latencies();
  const inside = new Latencies();
  const deadline = performance.now() + seconds * 1000;
  while (performance.now() < deadline) {
    const begun = performance.now();
    const { duration_us: microseconds } = await host.evaluate(digest, input);
    latencies.add(performance.now() - begun);
    inside.add(microseconds / 1000);
  }
  return { whole: latencies.summary(), inside: inside.summary() };
}
