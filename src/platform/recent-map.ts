/**
 * A map that never holds more than a fixed number of entries: those that were not used for longest go first. It keeps two
 * generations and drops the older one as a whole, so that forgetting costs nothing per entry; removing the first entry of a
 * large Map one by one is slow, because what was removed is skipped each time.
 */
export class RecentMap<Value> {
  private current = new Map<string, Value>();
  private previous = new Map<string, Value>();
  private readonly generation: number;

  /** @param most entries; about half of them are certain to be the most recently used ones */
  constructor(most: number) {
    this.generation = Math.max(1, Math.floor(most / 2));
  }

  /** At most as many as there may be; an entry that came back to life is counted once more until its generation goes. */
  get size(): number {
    return this.current.size + this.previous.size;
  }

  /** Counts as a use. */
  get(key: string): Value | undefined {
    const value = this.current.get(key);
    if (value !== undefined) return value;
    const older = this.previous.get(key);
    if (older !== undefined) this.set(key, older);
    return older;
  }

  set(key: string, value: Value): void {
    if (this.current.size >= this.generation && !this.current.has(key)) {
      this.previous = this.current;
      this.current = new Map();
    }
    this.current.set(key, value);
  }
}
