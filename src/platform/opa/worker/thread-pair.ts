import { PolicyThread, type ThreadOutcome } from './policy-thread.js';
import type { EvaluationAnswer, EvaluationRequest, WorkerBundle } from './worker-messages.js';

export interface ThreadPairOptions {
  readonly entrypoint: string;
  /** Most memory of one bundle, in pages of 64 KiB. */
  readonly memoryPages: number;
  /** Milliseconds for one batch. */
  readonly deadline: number;
  /** Milliseconds for a thread to start, and for it to take in a bundle. */
  readonly preparationDeadline: number;
}

/** What a thread says about a bundle that it was given. */
export type LoadOutcome =
  | { readonly kind: 'loaded' }
  | { readonly kind: 'refused'; readonly fault: string; readonly missing: readonly string[] };

/**
 * Two threads with the same bundles: one works, the other stands ready to take its place, because a policy that loops can
 * only be stopped together with its thread.
 */
export class ThreadPair {
  readonly #bundles = new Map<string, WorkerBundle>();
  readonly #ending = new Set<Promise<void>>();
  #working: PolicyThread;
  #spare: PolicyThread;
  #replacements = 0;
  #closed = false;

  constructor(private readonly options: ThreadPairOptions) {
    this.#working = this.#start();
    this.#spare = this.#start();
  }

  /** How many threads had to be replaced so far. */
  get replacements(): number {
    return this.#replacements;
  }

  /**
   * Loads a bundle into both threads. The spare goes first: should the bundle hang or kill it, the working thread never
   * hears of it.
   */
  async load(bundle: WorkerBundle): Promise<LoadOutcome> {
    const spare = this.#spare;
    const ready = await spare.ready;
    const tried = ready.kind === 'answered' ? await spare.load(bundle) : ready;
    if (tried.kind !== 'answered') {
      this.#replaceSpare(spare);
      const fault = tried.kind === 'late' ? 'the WebAssembly does not come up in time' : tried.message;
      return { kind: 'refused', fault, missing: [] };
    }
    const { fault, missing } = tried.answer;
    if (fault !== null) return { kind: 'refused', fault, missing };
    this.#bundles.set(bundle.digest, bundle);
    // Whichever threads there are by now: one that was started meanwhile does not know the bundle yet.
    await Promise.all(
      [this.#working, this.#spare].filter((thread) => thread !== spare).map((one) => one.load(bundle)),
    );
    return { kind: 'loaded' };
  }

  unload(digest: string): void {
    if (!this.#bundles.delete(digest)) return;
    this.#working.unload(digest);
    this.#spare.unload(digest);
  }

  /** Evaluates one batch. Never called again before the last call has settled. */
  async evaluate(
    requests: readonly EvaluationRequest[],
  ): Promise<ThreadOutcome<readonly EvaluationAnswer[]>> {
    const working = this.#working;
    const ready = await working.ready;
    const outcome =
      ready.kind === 'answered' ? await working.evaluate(requests, this.options.deadline) : ready;
    if (outcome.kind === 'answered') return outcome;
    this.#replaceWorking(working);
    return outcome.kind === 'late' && ready.kind !== 'answered'
      ? { kind: 'dead', message: 'the thread did not start in time' }
      : outcome;
  }

  /** Ends both threads and waits for those that were ended before. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#discard(this.#working);
    this.#discard(this.#spare);
    await Promise.all(this.#ending);
  }

  #start(): PolicyThread {
    const { entrypoint, memoryPages, preparationDeadline } = this.options;
    return new PolicyThread(
      { bundles: [...this.#bundles.values()], entrypoint, memoryPages },
      preparationDeadline,
    );
  }

  #replaceWorking(working: PolicyThread): void {
    if (this.#closed) return;
    this.#replacements += 1;
    this.#discard(working);
    this.#working = this.#spare;
    this.#spare = this.#start();
  }

  #replaceSpare(spare: PolicyThread): void {
    if (this.#closed) return;
    this.#replacements += 1;
    this.#discard(spare);
    if (this.#spare === spare) this.#spare = this.#start();
  }

  #discard(thread: PolicyThread): void {
    const ending = thread.terminate().finally(() => this.#ending.delete(ending));
    this.#ending.add(ending);
  }
}
