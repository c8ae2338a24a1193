/** One lookup that waits for the next query. */
interface Waiting<Value> {
  readonly resolve: (value: Value | undefined) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Merges single-row lookups into one query per round trip. Lookups that arrive while a query is in flight share the next
 * one; none ever joins a query that was already sent, so every answer is at least as new as its question.
 */
export class MergedLookup<Value> {
  private waiting = new Map<string, Waiting<Value>[]>();
  private running = false;

  /** @param query answers all keys at once */
  constructor(private readonly query: (keys: readonly string[]) => Promise<ReadonlyMap<string, Value>>) {}

  find(key: string): Promise<Value | undefined> {
    return new Promise((resolve, reject) => {
      const one = { resolve, reject };
      const others = this.waiting.get(key);
      if (others) others.push(one);
      else this.waiting.set(key, [one]);
      if (!this.running) {
        this.running = true;
        setImmediate(() => void this.drain());
      }
    });
  }

  private async drain(): Promise<void> {
    while (this.waiting.size > 0) {
      const batch = this.waiting;
      this.waiting = new Map();
      try {
        const found = await this.query([...batch.keys()]);
        for (const [key, waiting] of batch) for (const one of waiting) one.resolve(found.get(key));
      } catch (error) {
        for (const waiting of batch.values()) for (const one of waiting) one.reject(error);
      }
    }
    this.running = false;
  }
}
