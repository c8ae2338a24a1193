import { PolicyUnavailable } from './policy-unavailable.js';
import type { TripSwitch } from './trip-switch.js';
import type { ThreadPair } from './worker/thread-pair.js';
import type { EvaluationAnswer, EvaluationRequest } from './worker/worker-messages.js';

interface QueuedEvaluation {
  readonly request: EvaluationRequest;
  readonly tripSwitch: TripSwitch;
  readonly probe: boolean;
  readonly resolve: (answer: EvaluationAnswer) => void;
  readonly reject: (reason: PolicyUnavailable) => void;
}

/**
 * Gathers inputs into batches, one of which is under way at a time; what arrives meanwhile is the next. The inputs of a
 * batch that failed are tried one by one, before anything newer, so that one bad input costs its neighbours time and
 * nothing else.
 */
export class EvaluationQueue {
  #waiting: QueuedEvaluation[] = [];
  /** Each of these is a batch of its own: suspects of a failed batch, and probes of tripped bundles. */
  #alone: QueuedEvaluation[] = [];
  #busy = false;
  #closed = false;

  /**
   * @param threads evaluates one batch at a time
   * @param largestBatch most inputs of one batch
   * @param longest most inputs that wait
   */
  constructor(
    private readonly threads: ThreadPair,
    private readonly largestBatch: number,
    private readonly longest: number,
  ) {}

  /** How many inputs wait. */
  get length(): number {
    return this.#waiting.length + this.#alone.length;
  }

  /**
   * Evaluates one input together with those that arrive in the same turn of the event loop.
   *
   * @param tripSwitch of the bundle that the request names
   * @throws PolicyUnavailable when the input gets no answer
   */
  evaluate(request: EvaluationRequest, tripSwitch: TripSwitch): Promise<EvaluationAnswer> {
    return new Promise((resolve, reject) => {
      if (this.#closed) return reject(closed());
      if (this.length >= this.longest) {
        return reject(new PolicyUnavailable('overloaded', `${this.longest} inputs wait already`));
      }
      const admission = tripSwitch.admit();
      if (admission === 'refuse') return reject(tripped());
      const probe = admission === 'probe';
      (probe ? this.#alone : this.#waiting).push({ request, tripSwitch, probe, resolve, reject });
      this.#begin();
    });
  }

  /** Turns away what waits and whatever comes later. */
  close(): void {
    this.#closed = true;
    for (const evaluation of [...this.#alone, ...this.#waiting]) evaluation.reject(closed());
    this.#alone = [];
    this.#waiting = [];
  }

  #begin(): void {
    if (this.#busy) return;
    this.#busy = true;
    // An immediate runs after all input of this turn was read, so that requests that came together go over together.
    setImmediate(() => void this.#work());
  }

  async #work(): Promise<void> {
    for (let batch = this.#nextBatch(); batch.length > 0; batch = this.#nextBatch()) {
      const outcome = await this.threads.evaluate(batch.map(({ request }) => request));
      if (outcome.kind === 'answered') settle(batch, outcome.answer);
      else if (this.#closed) rejectAll(batch, closed);
      else this.#failed(batch, outcome);
    }
    this.#busy = false;
  }

  #nextBatch(): QueuedEvaluation[] {
    const alone = nextStillWelcome(this.#alone);
    if (alone !== undefined) return [alone];
    const batch: QueuedEvaluation[] = [];
    while (batch.length < this.largestBatch) {
      const next = nextStillWelcome(this.#waiting);
      if (next === undefined) break;
      batch.push(next);
    }
    return batch;
  }

  #failed(
    batch: readonly QueuedEvaluation[],
    outcome: { kind: 'late' } | { kind: 'dead'; message: string },
  ): void {
    const [only, ...others] = batch;
    if (only === undefined) return;
    if (others.length > 0) {
      this.#alone.unshift(...batch);
      return;
    }
    only.tripSwitch.timedOut();
    only.reject(
      outcome.kind === 'late'
        ? new PolicyUnavailable('deadline', 'the policy did not decide in time')
        : new PolicyUnavailable('crashed', outcome.message),
    );
  }
}

/** Takes the next evaluation; those whose bundle tripped since they came are turned away on the way. */
function nextStillWelcome(queue: QueuedEvaluation[]): QueuedEvaluation | undefined {
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    if (next.probe || !next.tripSwitch.tripped) return next;
    next.reject(tripped());
  }
  return undefined;
}

function settle(batch: readonly QueuedEvaluation[], answers: readonly EvaluationAnswer[]): void {
  for (const [index, evaluation] of batch.entries()) {
    const answer = answers[index];
    if (answer === undefined)
      evaluation.reject(new PolicyUnavailable('crashed', 'the thread left an answer out'));
    else evaluation.resolve(answer);
  }
}

function rejectAll(batch: readonly QueuedEvaluation[], reason: () => PolicyUnavailable): void {
  for (const evaluation of batch) evaluation.reject(reason());
}

function tripped(): PolicyUnavailable {
  return new PolicyUnavailable('tripped', 'the policy timed out too often and is being given a rest');
}

function closed(): PolicyUnavailable {
  return new PolicyUnavailable('closed', 'the policy host is closed');
}
