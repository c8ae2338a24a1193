import type { CompiledModule } from './compile-module.js';

/** A bundle as a worker needs it. */
export interface WorkerBundle {
  readonly digest: string;
  readonly module: CompiledModule;
  /** The base documents, JSON text. */
  readonly data: string;
}

/** One input for one bundle. */
export interface EvaluationRequest {
  readonly digest: string;
  /** JSON text. */
  readonly input: string;
}

/** What became of one input. */
export type EvaluationAnswer =
  /** `results` is the result set, JSON text: parsing it is cheaper than cloning it from thread to thread. */
  | { readonly kind: 'results'; readonly results: string; readonly duration_us: number }
  | { readonly kind: 'trapped'; readonly message: string };

/** What a worker starts with. */
export interface WorkerStart {
  readonly bundles: readonly WorkerBundle[];
  readonly entrypoint: string;
  /** Most memory of one bundle, in pages of 64 KiB. */
  readonly memoryPages: number;
}

export type MessageToWorker =
  | { readonly kind: 'load'; readonly bundle: WorkerBundle }
  | { readonly kind: 'unload'; readonly digest: string }
  | { readonly kind: 'evaluate'; readonly requests: readonly EvaluationRequest[] };

/** Answers come in the order of the messages that asked for them; `unload` has none. */
export type MessageFromWorker =
  | { readonly kind: 'ready' }
  /** `fault` says why the bundle cannot be used; null when it can. `missing` names host functions that it calls. */
  | {
      readonly kind: 'loaded';
      readonly fault: string | null;
      readonly missing: readonly string[];
    }
  | { readonly kind: 'evaluated'; readonly answers: readonly EvaluationAnswer[] };
