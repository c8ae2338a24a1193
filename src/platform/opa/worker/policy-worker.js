// The thread in which policies run. Plain JavaScript, because a worker is started from a file and must be the same file
// whether the service runs from its sources (tests) or compiled; the messages are typed in worker-messages.ts.
import { parentPort, workerData } from 'node:worker_threads';
import opa from '@open-policy-agent/opa-wasm';

/** @typedef {import('./worker-messages.js').WorkerBundle} WorkerBundle */
/** @typedef {import('./worker-messages.js').EvaluationAnswer} EvaluationAnswer */

/** @type {import('./worker-messages.js').WorkerStart} */
const { bundles, entrypoint, memoryPages } = workerData;

const INITIAL_PAGES = 16;
/** Memory of an instance never shrinks, so that one big input would be paid for ever. */
const EVALUATIONS_PER_INSTANCE = 100_000;

/** @type {Map<string, { bundle: WorkerBundle, policy: object | null, evaluations: number }>} */
const loaded = new Map();
const encoder = new TextEncoder();

// opa-wasm prints what a policy prints, and its own complaints, to the console of the service.
console.log = () => undefined;
console.error = () => undefined;

function instantiate(bundle) {
  const policy = opa.loadPolicySync(bundle.module, { initial: INITIAL_PAGES, maximum: memoryPages });
  policy.setData(bytesOf(bundle.data));
  return policy;
}

/** An array buffer of exactly the bytes: what opa-wasm takes for JSON text. */
function bytesOf(text) {
  const bytes = encoder.encode(text);
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
}

/** The host functions that a policy imports; opa-wasm checks them no sooner than at the call. */
function hostFunctions(policy) {
  const { exports } = policy.wasmInstance;
  const start = exports.opa_json_dump(exports.builtins());
  const memory = new Uint8Array(policy.mem.buffer);
  return Object.keys(JSON.parse(new TextDecoder().decode(memory.subarray(start, memory.indexOf(0, start)))));
}

function load(bundle) {
  try {
    const policy = instantiate(bundle);
    const missing = hostFunctions(policy).sort();
    if (missing.length > 0) return { kind: 'loaded', fault: 'the policy calls host functions', missing };
    if (!Object.hasOwn(policy.entrypoints, entrypoint)) {
      return { kind: 'loaded', fault: `the WebAssembly has no entrypoint ${entrypoint}`, missing: [] };
    }
    loaded.set(bundle.digest, { bundle, policy, evaluations: 0 });
    return { kind: 'loaded', fault: null, missing: [] };
  } catch (error) {
    return { kind: 'loaded', fault: textOf(error), missing: [] };
  }
}

/** @returns {EvaluationAnswer} */
function evaluate({ digest, input }) {
  const entry = loaded.get(digest);
  if (entry === undefined) return { kind: 'trapped', message: 'the bundle is not loaded in this thread' };
  try {
    if (entry.policy === null || entry.evaluations >= EVALUATIONS_PER_INSTANCE) {
      entry.policy = instantiate(entry.bundle);
      entry.evaluations = 0;
    }
    entry.evaluations += 1;
    const started = process.hrtime.bigint();
    const results = entry.policy.evaluate(bytesOf(input), entrypoint);
    const duration_us = Number((process.hrtime.bigint() - started) / 1000n);
    return { kind: 'results', results: JSON.stringify(results), duration_us };
  } catch (error) {
    // What a trap leaves in the memory of an instance is nobody's business to guess.
    entry.policy = null;
    return { kind: 'trapped', message: textOf(error) };
  }
}

/** opa-wasm throws strings and plain objects beside errors. */
function textOf(error) {
  if (typeof error === 'string') return error;
  return typeof error?.message === 'string' ? error.message : 'unknown error';
}

parentPort.on('message', (message) => {
  switch (message.kind) {
    case 'load':
      return parentPort.postMessage(load(message.bundle), []);
    case 'unload':
      return loaded.delete(message.digest);
    case 'evaluate':
      return parentPort.postMessage({ kind: 'evaluated', answers: message.requests.map(evaluate) }, []);
    default:
      throw new TypeError(`unknown message ${message.kind}`);
  }
});

for (const bundle of bundles) load(bundle);
parentPort.postMessage({ kind: 'ready' }, []);
