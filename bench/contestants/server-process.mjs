// A contestant's server as a process of its own, with its output in a file.
import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

const START_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 20_000;
const POLL_MS = 10;

/**
 * @typedef {object} ServerProcess
 * @property {number} pid
 * @property {string} logFile
 * @property {() => void} assertRunning throws with the end of the log when the process has ended
 * @property {() => Promise<void>} stop
 */

/**
 * Starts Node on a script and waits until it serves.
 *
 * @param {object} options
 * @param {string} options.name for messages
 * @param {string} options.script
 * @param {string} [options.directory] to run in
 * @param {Record<string, string>} options.environment the whole of it, beside PATH
 * @param {string} options.logFile
 * @param {(child: import('node:child_process').ChildProcess, logFile: string) => number | undefined} readPort
 *   asked again and again until it knows the port
 * @returns {Promise<ServerProcess & {port: number}>}
 */
export async function startServer({ name, script, directory, environment, logFile }, readPort) {
  const log = openSync(logFile, 'w');
  const child = spawn(process.execPath, [script], {
    cwd: directory,
    env: { PATH: process.env.PATH, NODE_ENV: 'production', NODE_NO_WARNINGS: '1', ...environment },
    stdio: ['ignore', log, log, 'ipc'],
  });
  closeSync(log);
  child.once('message', ({ port }) => {
    child.announcedPort = port;
  });
  const abandon = () => child.kill('SIGKILL');
  process.once('exit', abandon);
  const ended = new Promise((resolve) => child.once('exit', resolve)).then(() =>
    process.off('exit', abandon),
  );
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  const assertRunning = () => {
    if (!hasEnded()) return;
    throw new Error(`${name} ended by itself:\n${endOf(logFile)}`);
  };
  const stop = async () => {
    if (hasEnded()) return;
    child.kill('SIGTERM');
    const impatience = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
    await ended;
    clearTimeout(impatience);
  };
  const deadline = Date.now() + START_LIMIT_MS;
  for (;;) {
    assertRunning();
    const port = readPort(child, logFile);
    if (port !== undefined) return { pid: child.pid, port, logFile, assertRunning, stop };
    if (Date.now() > deadline) {
      await stop();
      throw new Error(`${name} did not start:\n${endOf(logFile)}`);
    }
    await delay(POLL_MS);
  }
}

function endOf(file) {
  return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-20).join('\n');
}
