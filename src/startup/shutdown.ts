import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';

/** Something that ends with the process. */
export interface Stoppable {
  /** For the log. */
  readonly name: string;
  stop(): Promise<void>;
  /** Called without waiting when the process ends before `stop` could: must not throw. */
  abandon?(): void;
}

/** `npm start` and a terminal may each pass on the same Ctrl-C. */
const SAME_SIGNAL_MS = 500;
/** For everything together; the HTTP server has its own, shorter deadline. */
const DEADLINE_MS = 20_000;
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const EXIT_INTERRUPTED = 130;

/**
 * Ends the process well: what was started is stopped in reverse order on a signal, and a second Ctrl-C ends it at once.
 * An error that nobody caught is logged and ends it with code 1, because the state it left is unknown.
 */
export class Shutdown {
  private readonly started: Stoppable[] = [];
  private requestedAt: number | undefined;
  private starting: Promise<void> = Promise.resolve();
  private ending: Promise<never> | undefined;

  constructor(private readonly logger: Logger) {}

  /** Begins to listen for signals and uncaught errors. */
  install(): void {
    for (const signal of signals) process.on(signal, () => this.onSignal());
    for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
      process.on(event, (error: unknown) => {
        this.logger.fatal({ err: error }, `${event}: ending`);
        process.exit(1);
      });
    }
    process.on('exit', () => {
      for (const part of this.started.toReversed()) part.abandon?.();
    });
  }

  /** Runs the start. A signal meanwhile waits for it, because half a start cannot be undone. */
  async during(start: () => Promise<void>): Promise<void> {
    this.starting = start();
    await this.starting;
  }

  /** What was started; stopped before everything that was added earlier. */
  add(part: Stoppable): void {
    this.started.push(part);
  }

  get requested(): boolean {
    return this.requestedAt !== undefined;
  }

  /** Stops everything and ends the process. */
  end(code: number): Promise<never> {
    this.requestedAt ??= Date.now();
    this.ending ??= this.stopAndExit(code);
    return this.ending;
  }

  private async stopAndExit(code: number): Promise<never> {
    const stopped = await Promise.race([this.stopAll(), delay(DEADLINE_MS, false)]);
    if (!stopped) this.logger.error('not everything stopped in time');
    process.exit(stopped ? code : 1);
  }

  private onSignal(): void {
    if (this.requestedAt === undefined) {
      void this.end(0);
    } else if (Date.now() - this.requestedAt > SAME_SIGNAL_MS) {
      process.exit(EXIT_INTERRUPTED);
    }
  }

  private async stopAll(): Promise<boolean> {
    let clean = true;
    await Promise.allSettled([this.starting]);
    for (let part = this.started.at(-1); part; part = this.started.at(-1)) {
      try {
        await part.stop();
      } catch (error) {
        clean = false;
        this.logger.error({ err: error }, `${part.name} did not stop cleanly`);
      }
      this.started.pop();
    }
    return clean;
  }
}
