/**
 * The script's side of `runScript`: does the work for the one message that comes, and answers.
 *
 * @param {(parameters: object) => Promise<object>} work
 */
export function answer(work) {
  const respond = async (parameters) => {
    try {
      process.send({ result: await work(parameters) });
    } catch (error) {
      process.send({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  };
  process.once('message', (parameters) => void respond(parameters));
  process.once('disconnect', () => process.exit());
}

/**
 * Keeps a number of calls in flight for some seconds.
 *
 * @param {number} inFlight
 * @param {number} seconds
 * @param {() => Promise<unknown>} call
 * @returns {Promise<{count: number, seconds: number, cpu: number}>} processor time of this process in microseconds a call
 */
export async function flatOut(inFlight, seconds, call) {
  const before = process.cpuUsage();
  const started = performance.now();
  const deadline = started + seconds * 1000;
  let count = 0;
  const worker = async () => {
    while (performance.now() < deadline) {
      await call();
      count += 1;
    }
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
  const { user, system } = process.cpuUsage(before);
  return { count, seconds: (performance.now() - started) / 1000, cpu: (user + system) / count };
}
