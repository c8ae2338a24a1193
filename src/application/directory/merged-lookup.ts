/** One lookup that waits for the next query. */
interface Waiting<Value> {
  readonly resolve: (value: Value | undefined) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Merges single-row lookups into one query per round trip. Lookups that arrive while a query is in flight share the next
 * one; none ever joins a query that was already sent, so every answer is at least as new as its question.
 */
export class MergedLookup<Key, Value> {
  private waiting = new Map<string, { readonly key: Key; readonly waiting: Waiting<Value>[] }>();
  private running = false;

  /**
   * @param identify text that is equal for equal keys
   * @param query answers all keys at once, as a map by identified key
   */
  constructor(
    private readonly identify: (key: Key) => string,
    private readonly query: (keys: readonly Key[]) => Promise<ReadonlyMap<string, Value>>,
  ) {}

  find(key: Key): Promise<Value | undefined> {
    return new Promise((resolve, reject) => {
      const id = this.identify(key);
      const entry = this.waiting.get(id) ?? { key, waiting: [] };
      entry.waiting.push({ resolve, reject });
      this.waiting.set(id, entry);
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
        const found = await this.query([...batch.values()].map((entry) => entry.key));
        for (const [id, entry] of batch) for (const one of entry.waiting) one.resolve(found.get(id));
      } catch (error) {
        for (const entry of batch.values()) for (const one of entry.waiting) one.reject(error);
      }
    }
    this.running = false;
  }
}
