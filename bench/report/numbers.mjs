// How measurements are written down.
import { median } from '../load/latencies.mjs';

const ENGLISH = 'en-GB';

/**
 * A number with as many digits as a noisy measurement deserves.
 *
 * @param {number} value
 */
export function round(value) {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString(ENGLISH, { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/**
 * The median of some runs, and how far they lie apart.
 *
 * @param {readonly number[]} values
 * @returns {string} e.g. `1,234 (1,200–1,300)`; one value alone has no spread
 */
export function spread(values) {
  if (values.length === 1) return round(values[0]);
  return `${round(median(values))} (${round(Math.min(...values))}–${round(Math.max(...values))})`;
}
