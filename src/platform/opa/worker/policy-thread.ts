import { Worker } from 'node:worker_threads';
import type {
  EvaluationAnswer,
  EvaluationRequest,
  MessageFromWorker,
  MessageToWorker,
  WorkerBundle,
  WorkerStart,
} from './worker-messages.js';

/** What became of one question to a thread. After `late` and `dead` the thread is of no more use. */
export type ThreadOutcome<T> =
  | { readonly kind: 'answered'; readonly answer: T }
  | { readonly kind: 'late' }
  | { readonly kind: 'dead'; readonly message: string };

type Answer<K extends MessageFromWorker['kind']> = Extract<MessageFromWorker, { kind: K }>;

interface Question {
  readonly kind: MessageFromWorker['kind'];
  readonly settle: (outcome: ThreadOutcome<MessageFromWorker>) => void;
  readonly timer: NodeJS.Timeout;
}

const WORKER_FILE = new URL('./policy-worker.js', import.meta.url);
/** Of JavaScript; the memory of the WebAssembly has a limit of its own. */
const RESOURCE_LIMITS = { maxOldGenerationSizeMb: 128 };

/** One worker thread and the questions put to it, which it answers in their order. */
export class PolicyThread {
  /** Settles when the thread can take questions, or never will. */
  readonly ready: Promise<ThreadOutcome<unknown>>;
  readonly #worker: Worker;
  readonly #questions: Question[] = [];
  #death: string | null = null;

  /**
   * @param start the bundles to load at once, and the limits
   * @param preparationDeadline milliseconds for starting, and for taking in a bundle
   */
  constructor(
    start: WorkerStart,
    private readonly preparationDeadline: number,
  ) {
    this.#worker = new Worker(WORKER_FILE, { workerData: start, resourceLimits: RESOURCE_LIMITS });
    this.#worker.on('message', (message: MessageFromWorker) => this.#answered(message));
    this.#worker.on('error', (error) => this.#died(error.message));
    this.#worker.on('exit', () => this.#died('the thread ended'));
    this.ready = this.#ask('ready', preparationDeadline);
  }

  load(bundle: WorkerBundle): Promise<ThreadOutcome<Answer<'loaded'>>> {
    return this.#ask('loaded', this.preparationDeadline, { kind: 'load', bundle });
  }

  unload(digest: string): void {
    this.#post({ kind: 'unload', digest });
  }

  /**
   * Evaluates inputs, one after the other, all within one deadline.
   *
   * @param requests the inputs of one message
   * @param deadline milliseconds for all of them
   */
  async evaluate(
    requests: readonly EvaluationRequest[],
    deadline: number,
  ): Promise<ThreadOutcome<readonly EvaluationAnswer[]>> {
    const outcome = await this.#ask('evaluated', deadline, { kind: 'evaluate', requests });
    return outcome.kind === 'answered' ? { kind: 'answered', answer: outcome.answer.answers } : outcome;
  }

  /** Ends the thread, whatever it is doing. */
  async terminate(): Promise<void> {
    await this.#worker.terminate();
  }

  #ask<K extends MessageFromWorker['kind']>(
    kind: K,
    deadline: number,
    message?: MessageToWorker,
  ): Promise<ThreadOutcome<Answer<K>>> {
    return new Promise((resolve) => {
      if (this.#death !== null) return resolve({ kind: 'dead', message: this.#death });
      const question: Question = {
        kind,
        settle: resolve as Question['settle'],
        // If this thread was itself busy until now, the answer may lie in its mailbox: messages are read before immediates.
        timer: setTimeout(() => setImmediate(() => this.#settle(question, { kind: 'late' })), deadline),
      };
      this.#questions.push(question);
      if (message !== undefined) this.#post(message);
    });
  }

  #answered(message: MessageFromWorker): void {
    const question = this.#questions[0];
    if (question?.kind !== message.kind) return this.#died(`unexpected message ${message.kind}`);
    this.#settle(question, { kind: 'answered', answer: message });
  }

  #died(message: string): void {
    this.#death ??= message;
    for (let question = this.#questions[0]; question !== undefined; question = this.#questions[0]) {
      this.#settle(question, { kind: 'dead', message });
    }
  }

  #settle(question: Question, outcome: ThreadOutcome<MessageFromWorker>): void {
    const index = this.#questions.indexOf(question);
    if (index < 0) return;
    this.#questions.splice(index, 1);
    clearTimeout(question.timer);
    question.settle(outcome);
  }

  #post(message: MessageToWorker): void {
    this.#worker.postMessage(message, []);
  }
}
