// The service as a process of its own, as `npm start` runs it.
import { spawn, spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const START_LIMIT_MS = 120_000;

/**
 * Builds and starts the service with a data directory of its own, on a free port.
 *
 * @param {{dataDirectory: string, brokers: string}} options
 */
export async function startService({ dataDirectory, brokers }) {
  const built = spawnSync(process.execPath, ['scripts/build.mjs'], { cwd: root, stdio: 'inherit' });
  if (built.status !== 0) throw new Error('the build failed');
  const service = spawn(process.execPath, ['dist/main.js'], {
    cwd: root,
    env: { ...process.env, DATA_DIR: dataDirectory, PORT: '0', KAFKA_BROKERS: brokers, PUBLIC_URL: '' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => service.once('exit', resolve));
  const banner = await readBanner(service);
  const url = /Issuer\s+(\S+)/.exec(banner)?.[1];
  const adminToken = await readFile(path.join(dataDirectory, 'admin-token'), 'utf8').then((text) =>
    text.trim(),
  );
  return {
    url,
    adminToken,
    /** The position of the newest event. */
    async logHead() {
      let cursor = 0;
      for (;;) {
        const response = await fetch(`${url}/admin/v1/events?after=${cursor}&limit=500`, {
          headers: { Authorization: `Bearer ${adminToken}` },
        });
        const { items, next_cursor: next } = await response.json();
        if (items.length === 0) return cursor;
        cursor = next;
      }
    },
    async stop() {
      service.kill('SIGINT');
      await ended;
    },
  };
}

async function readBanner(service) {
  let output = '';
  return new Promise((resolve, reject) => {
    const limit = setTimeout(
      () => reject(new Error(`the service did not start:\n${output}`)),
      START_LIMIT_MS,
    );
    service.stdout.on('data', (chunk) => {
      output += chunk;
      if (!output.includes('Ctrl-C stops everything')) return;
      clearTimeout(limit);
      resolve(output);
    });
    service.once('exit', (code) => reject(new Error(`the service ended with ${code}:\n${output}`)));
  });
}
