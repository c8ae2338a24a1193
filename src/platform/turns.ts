/** Lets work on the same key run one after the other, within this process; work on other keys does not wait. */
export class Turns {
  /** The end of the last work per key; only keys with work have one. */
  private readonly ends = new Map<string, Promise<void>>();

  /** Runs the work when everything before it on this key has ended, however it ended. */
  async take<Result>(key: string, work: () => Promise<Result>): Promise<Result> {
    const before = this.ends.get(key);
    const { promise: end, resolve: leave } = turn();
    this.ends.set(key, end);
    await before;
    try {
      return await work();
    } finally {
      if (this.ends.get(key) === end) this.ends.delete(key);
      leave();
    }
  }
}

function turn(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve!: () => void;
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
