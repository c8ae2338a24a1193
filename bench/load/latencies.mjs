// Every single latency of a run, kept exactly: at the rates measured here that is less than a megabyte.

const FIRST_CAPACITY = 1 << 14;

export class Latencies {
  #values = new Float64Array(FIRST_CAPACITY);
  #count = 0;

  /** @param {number} milliseconds */
  add(milliseconds) {
    if (this.#count === this.#values.length) {
      const larger = new Float64Array(this.#values.length * 2);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#count] = milliseconds;
    this.#count += 1;
  }

  get count() {
    return this.#count;
  }

  /** @returns {{p50: number, p99: number, max: number}} milliseconds; NaN without any */
  summary() {
    const sorted = this.#values.slice(0, this.#count).sort();
    return { p50: percentile(sorted, 50), p99: percentile(sorted, 99), max: percentile(sorted, 100) };
  }
}

/**
 * The nearest-rank percentile: the smallest value that at least `rank` percent of all values do not exceed. It is always
 * one that was measured, never one in between.
 *
 * @param {ArrayLike<number>} sorted ascending
 * @param {number} rank above 0, up to 100
 * @returns {number} NaN for no values
 */
export function percentile(sorted, rank) {
  if (sorted.length === 0) return Number.NaN;
  return sorted[Math.max(1, Math.ceil((rank / 100) * sorted.length)) - 1];
}

/**
 * The middle of some measurements, or of the two in the middle.
 *
 * @param {readonly number[]} values
 */
export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length / 2;
  return sorted.length % 2 === 1 ? sorted[Math.floor(half)] : (sorted[half - 1] + sorted[half]) / 2;
}
