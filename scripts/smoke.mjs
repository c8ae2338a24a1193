// Starts the service with the README's command, runs the curl that the banner offers as a newcomer would, and stops it
// with Ctrl-C. DATA_DIR and PORT come from the environment.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as within } from 'node:timers/promises';

const START_LIMIT_MS = 120_000;
const STOP_LIMIT_MS = 20_000;
const dataDirectory = process.env.DATA_DIR ?? '.clientele';

const service = spawn('npm', ['start'], { stdio: ['ignore', 'pipe', 'inherit'], detached: true });
let output = '';
const started = new Promise((resolve, reject) => {
  service.stdout.on('data', (chunk) => {
    process.stdout.write(chunk);
    output += chunk;
    if (output.includes('Ctrl-C stops everything')) resolve();
  });
  service.once('exit', (code) => reject(new Error(`npm start ended with ${code}`)));
});
const ended = new Promise((resolve) => service.once('exit', resolve));

try {
  await Promise.race([started, timeout(START_LIMIT_MS, 'no banner')]);
  const url = /Issuer\s+(\S+)/.exec(output)?.[1];
  const curl = /^ *(curl [\s\S]*?\n.*-d '.*')$/m.exec(output)?.[1];
  if (!url || !curl) throw new Error('the banner shows no issuer or no curl');

  const ready = await fetch(`${url}/health/ready`);
  if (ready.status !== 200) throw new Error(`not ready: ${await ready.text()}`);
  const registered = spawnSync('bash', ['-c', curl], { encoding: 'utf8' });
  const client = JSON.parse(registered.stdout);
  if (!client.client_id) throw new Error(`the curl of the banner registered nothing: ${registered.stdout}`);
  console.log(`registered ${client.client_id}`);

  signalGroup('SIGINT');
  await Promise.race([ended, timeout(STOP_LIMIT_MS, 'Ctrl-C did not stop it')]);
  // npm repeats the signal as its own end, so the state it left tells whether the service ended well.
  if (existsSync(path.join(dataDirectory, 'postgres', 'postmaster.pid')))
    throw new Error('PostgreSQL was left running');
  console.log('stopped cleanly');
} catch (error) {
  console.error(`smoke run: ${error.message}`);
  process.exitCode = 1;
  if (service.exitCode === null && service.signalCode === null) signalGroup('SIGKILL');
}
process.exit();

/** As a terminal does it: npm, its shell and the service get it at once. */
function signalGroup(signal) {
  if (service.pid) process.kill(-service.pid, signal);
}

async function timeout(milliseconds, message) {
  await within(milliseconds);
  throw new Error(message);
}
