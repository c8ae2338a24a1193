// What is going on, one line at a time.
import { performance } from 'node:perf_hooks';

export class Progress {
  #started = performance.now();

  /** @param {string} line */
  say = (line) => {
    process.stderr.write(`${this.#elapsed()}  ${line}\n`);
  };

  #elapsed() {
    const seconds = Math.floor((performance.now() - this.#started) / 1000);
    return `${String(Math.floor(seconds / 60)).padStart(2, '0')}:${String(seconds % 60).padStart(2, '0')}`;
  }
}
