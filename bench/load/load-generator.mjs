// The parent's side of the load generator.
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const GENERATOR = fileURLToPath(new URL('generator.mjs', import.meta.url));

/** One process for the whole run, so that every contestant meets a generator that is as warm as for the others. */
export class LoadGenerator {
  #process = fork(GENERATOR, { serialization: 'advanced' });

  get pid() {
    return this.#process.pid;
  }

  /**
   * @param {import('./drive.mjs').Drive} settings
   * @param {string} name of the load: under the same name it goes on where it was
   * @param {{workload: keyof typeof import('./workloads.mjs').workloads, parameters: object}} load
   * @returns {Promise<import('./drive.mjs').DriveResult & {generatorCpu: number}>} the last in microseconds per flow
   * @throws {Error} at any answer that is not the expected one
   */
  async drive(settings, name, { workload, parameters }) {
    this.#process.send({ settings, name, load: { workload, parameters } });
    const { result, error } = await new Promise((resolve, reject) => {
      const ended = (code) => reject(new Error(`the load generator ended with ${code}`));
      this.#process.once('exit', ended);
      this.#process.once('message', (message) => {
        this.#process.off('exit', ended);
        resolve(message);
      });
    });
    if (error !== undefined) throw new Error(error);
    return result;
  }

  stop() {
    this.#process.disconnect();
  }
}
