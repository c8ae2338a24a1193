/** Pauses that grow from one to the next. */
export class GrowingPause {
  private current: number;

  /** Both in milliseconds. */
  constructor(
    private readonly shortest: number,
    private readonly longest: number,
  ) {
    this.current = shortest;
  }

  next(): number {
    const pause = this.current;
    this.current = Math.min(this.current * 2, this.longest);
    return pause;
  }

  reset(): void {
    this.current = this.shortest;
  }
}

/** A sleep that others may cut short. */
export class Sleep {
  private cut: (() => void) | undefined;
  private ended = false;
  private woken = false;

  /**
   * Resolves after a time, at once when `end` was called, and sooner when `end` is called.
   *
   * @param milliseconds how long
   * @param wakeable whether `wake` ends it too; a `wake` since the last wakeable sleep counts
   */
  async for(milliseconds: number, wakeable: boolean): Promise<void> {
    if (this.ended || (wakeable && this.woken)) {
      this.woken = false;
      return;
    }
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.cut = () => {
        if (!this.ended && !(wakeable && this.woken)) return;
        clearTimeout(timer);
        resolve();
      };
    });
    this.cut = undefined;
    if (wakeable) this.woken = false;
  }

  wake(): void {
    this.woken = true;
    this.cut?.();
  }

  /** From now on nobody sleeps. */
  end(): void {
    this.ended = true;
    this.cut?.();
  }
}
