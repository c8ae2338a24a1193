import { performance } from 'node:perf_hooks';
import type { PolicyDecision, PolicyOutcome } from '../../domain/policy/policy-decision.js';
import type { PolicyInput } from '../../domain/policy/policy-input.js';
import { ENTRYPOINT, readBundle, type PolicyBundle } from './bundle.js';
import { readDecision } from './decision-shape.js';
import { EvaluationQueue } from './evaluation-queue.js';
import { InvalidPolicyBundle } from './invalid-policy-bundle.js';
import { PolicyUnavailable, type UnavailableReason } from './policy-unavailable.js';
import { readProfiles, type ProfileFacts } from './profiles/profile-facts.js';
import { TripSwitch } from './trip-switch.js';
import { compileModule, type CompiledModule } from './worker/compile-module.js';
import { ThreadPair } from './worker/thread-pair.js';

export type { ProfileFacts } from './profiles/profile-facts.js';

export interface PolicyHostOptions {
  /** Names of registered client metadata members; a bundle that declares one of them as custom does not load. */
  readonly protocolMembers: ReadonlySet<string>;
  /** Milliseconds that the inputs of one batch have together; 250 unless told. */
  readonly deadline?: number;
  /** Milliseconds for a thread to start, and for it to take in a bundle; 10,000 unless told. */
  readonly preparationDeadline?: number;
  /** Most memory of one bundle, in pages of 64 KiB; 1024 (64 MiB) unless told. */
  readonly memoryPages?: number;
  /** Most inputs of one batch; 64 unless told. */
  readonly largestBatch?: number;
  /** Most inputs that wait; more are turned away at once. 4096 unless told. */
  readonly longestQueue?: number;
  /** Milliseconds, monotonic; for the trip switches. */
  readonly clock?: () => number;
  /** Told of every evaluation. */
  readonly onEvaluation?: (evaluation: ObservedEvaluation) => void;
  /** Told when a bundle trips and when it recovers: the alarm. */
  readonly onTripChange?: (bundle: { digest: string; revision: string; tripped: boolean }) => void;
}

/** One evaluation as metrics see it. */
export interface ObservedEvaluation {
  readonly digest: string;
  readonly result: { readonly outcome: PolicyOutcome } | { readonly unavailable: UnavailableReason };
  /** Milliseconds from the call to its answer, waiting included. */
  readonly duration: number;
}

/** A bundle that is ready to evaluate. */
export interface LoadedBundle {
  /** SHA-256 of the bundle file, lower-case hex. */
  readonly digest: string;
  readonly revision: string;
  readonly profiles: ReadonlyMap<string, ProfileFacts>;
}

export interface EvaluatedDecision {
  readonly decision: PolicyDecision;
  /** Microseconds inside the WebAssembly. */
  readonly duration_us: number;
}

export interface PolicyHostStatus {
  /** Inputs that wait for the thread. */
  readonly waiting: number;
  /** Threads that had to be replaced since the start. */
  readonly replacements: number;
  readonly bundles: readonly {
    readonly digest: string;
    readonly revision: string;
    readonly tripped: boolean;
  }[];
}

/**
 * Evaluates policies, compiled to WebAssembly, in a thread of its own. The inputs of one turn of the event loop go over as
 * one message. A batch that is late costs its thread; its inputs are then tried one by one, and the one that is late alone
 * is answered with {@link PolicyUnavailable}. A bundle that keeps being late is given a rest, and the service with it.
 *
 * Starts two threads at once; {@link close} ends them.
 */
export class PolicyHost {
  readonly #options: PolicyHostOptions;
  readonly #threads: ThreadPair;
  readonly #queue: EvaluationQueue;
  readonly #bundles = new Map<string, { readonly loaded: LoadedBundle; readonly tripSwitch: TripSwitch }>();
  readonly #loading = new Map<string, Promise<LoadedBundle>>();

  constructor(options: PolicyHostOptions) {
    this.#options = options;
    this.#threads = new ThreadPair({
      entrypoint: ENTRYPOINT,
      memoryPages: options.memoryPages ?? 1024,
      deadline: options.deadline ?? 250,
      preparationDeadline: options.preparationDeadline ?? 10_000,
    });
    this.#queue = new EvaluationQueue(
      this.#threads,
      options.largestBatch ?? 64,
      options.longestQueue ?? 4096,
    );
  }

  /**
   * Loads a bundle beside those that are loaded already. The same bytes twice are one bundle.
   *
   * @param bytes the bundle file
   * @throws InvalidPolicyBundle when the file, its profiles or its WebAssembly cannot be used
   */
  async load(bytes: Buffer): Promise<LoadedBundle> {
    const bundle = await readBundle(bytes);
    const known = this.#bundles.get(bundle.digest)?.loaded ?? this.#loading.get(bundle.digest);
    if (known !== undefined) return known;
    const loading = this.#load(bundle).finally(() => this.#loading.delete(bundle.digest));
    this.#loading.set(bundle.digest, loading);
    return loading;
  }

  /** Forgets a bundle, for instance one that was only tried out. */
  unload(digest: string): void {
    this.#bundles.delete(digest);
    this.#threads.unload(digest);
  }

  /**
   * Asks a bundle for its decision about one input. Equal inputs give equal decisions.
   *
   * @param digest of a loaded bundle
   * @param input the complete input; JSON only
   * @throws PolicyUnavailable when there is no decision, for whatever reason; never taken for an answer
   */
  async evaluate(digest: string, input: PolicyInput): Promise<EvaluatedDecision> {
    const started = performance.now();
    const observe = (result: ObservedEvaluation['result']): void =>
      this.#options.onEvaluation?.({ digest, result, duration: performance.now() - started });
    try {
      const evaluated = await this.#evaluate(digest, input);
      observe({ outcome: evaluated.decision.outcome });
      return evaluated;
    } catch (error) {
      if (error instanceof PolicyUnavailable) observe({ unavailable: error.reason });
      throw error;
    }
  }

  status(): PolicyHostStatus {
    return {
      waiting: this.#queue.length,
      replacements: this.#threads.replacements,
      bundles: [...this.#bundles.values()].map(({ loaded: { digest, revision }, tripSwitch }) => ({
        digest,
        revision,
        tripped: tripSwitch.tripped,
      })),
    };
  }

  /** Answers what still waits with {@link PolicyUnavailable} and ends the threads. */
  async close(): Promise<void> {
    this.#queue.close();
    await this.#threads.close();
  }

  async #load({ digest, revision, wasm, data }: PolicyBundle): Promise<LoadedBundle> {
    const profiles = readProfiles(data, this.#options.protocolMembers);
    const outcome = await this.#threads.load({
      digest,
      module: await compile(wasm),
      data: JSON.stringify(data),
    });
    if (outcome.kind === 'refused') {
      const { fault, missing } = outcome;
      if (missing.length === 0) throw new InvalidPolicyBundle('web_assembly', fault);
      throw new InvalidPolicyBundle('host_functions', `${fault}: ${missing.join(', ')}`);
    }
    const loaded: LoadedBundle = { digest, revision, profiles };
    const tripSwitch = new TripSwitch(this.#options.clock ?? (() => performance.now()), (tripped) =>
      this.#options.onTripChange?.({ digest, revision, tripped }),
    );
    this.#bundles.set(digest, { loaded, tripSwitch });
    return loaded;
  }

  async #evaluate(digest: string, input: PolicyInput): Promise<EvaluatedDecision> {
    const bundle = this.#bundles.get(digest);
    if (bundle === undefined) throw new PolicyUnavailable('unknown_bundle', `no bundle ${digest} is loaded`);
    const answer = await this.#queue.evaluate({ digest, input: JSON.stringify(input) }, bundle.tripSwitch);
    if (answer.kind === 'trapped') throw new PolicyUnavailable('trapped', answer.message);
    const reading = readDecision(JSON.parse(answer.results));
    if (!reading.ok) throw new PolicyUnavailable(reading.reason, reading.detail);
    bundle.tripSwitch.succeeded();
    return { decision: reading.decision, duration_us: answer.duration_us };
  }
}

async function compile(wasm: Uint8Array): Promise<CompiledModule> {
  try {
    return await compileModule(wasm);
  } catch {
    throw new InvalidPolicyBundle('web_assembly', 'policy.wasm of the bundle is no WebAssembly');
  }
}
