/** Told once when the work begins to fail, and once when it works again. */
export interface RecurringListener {
  readonly failed: (error: unknown) => void;
  readonly recovered: () => void;
}

/** Work that is done again and again, never twice at a time. */
export class Recurring {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private failing = false;

  /** @param interval milliseconds from one beginning to the next; a round that takes longer delays the next */
  constructor(
    private readonly interval: number,
    private readonly work: () => Promise<void>,
    private readonly listener: RecurringListener,
  ) {}

  start(): void {
    this.timer = setInterval(() => {
      this.running ??= this.round().finally(() => {
        this.running = undefined;
      });
    }, this.interval);
    this.timer.unref();
  }

  /** Ends when the round that is running has ended. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }

  private async round(): Promise<void> {
    try {
      await this.work();
      if (this.failing) this.listener.recovered();
      this.failing = false;
    } catch (error) {
      if (!this.failing) this.listener.failed(error);
      this.failing = true;
    }
  }
}
