// Runs one of the scripts here in a Node process of its own and measures the process from outside.
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/**
 * @param {string} name of a script in this folder, which answers one message with one
 * @param {object} parameters
 * @returns {Promise<object>} what the script answered
 * @throws {Error} what went wrong in the script
 */
export async function runScript(name, parameters) {
  const script = fileURLToPath(new URL(`${name}.mjs`, import.meta.url));
  const child = fork(script, { serialization: 'advanced', env: { ...process.env, NODE_ENV: 'production' } });
  try {
    child.send(parameters);
    const { result, error } = await new Promise((resolve, reject) => {
      child.once('message', resolve);
      child.once('exit', (code) => reject(new Error(`${name} ended with ${code}`)));
    });
    if (error !== undefined) throw new Error(`${name}: ${error}`);
    return result;
  } finally {
    child.kill('SIGKILL');
  }
}
