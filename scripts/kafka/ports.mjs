import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Ports of 127.0.0.1 that nobody listens on now. All are held until the last is known, so that they differ.
 *
 * @param {number} count
 * @returns {Promise<number[]>}
 */
export async function freePorts(count) {
  const held = await Promise.all(Array.from({ length: count }, () => hold(0)));
  const ports = held.map((server) => server.address().port);
  await Promise.all(held.map(release));
  return ports;
}

/**
 * @param {number} port
 * @returns {Promise<boolean>} whether nobody listens on it now
 */
export async function isFree(port) {
  try {
    await release(await hold(port));
    return true;
  } catch {
    return false;
  }
}

/** @param {number} port 0 = any */
async function hold(port) {
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

/** @param {import('node:net').Server} server */
async function release(server) {
  server.close();
  await once(server, 'close');
}
