// From starting the process to the first 201.
import { setTimeout as delay } from 'node:timers/promises';
import { createServer } from 'node:net';
import { startClientele } from '../contestants/clientele.mjs';
import { publicClients } from './client-bodies.mjs';

const REPEAT_MS = 20;

/** @param {object} context as `compare` takes it */
export async function start(context) {
  const { cluster, effort, progress } = context;
  const first = [];
  const later = [];
  for (let run = 1; run <= effort.runs; run += 1) {
    progress.say(`start to the first registration: run ${run} of ${effort.runs}`);
    const database = `start_${run}`;
    const databaseUrl = await cluster.createDatabase(database);
    first.push(await secondsToFirstRegistration(cluster, database, databaseUrl));
    later.push(await secondsToFirstRegistration(cluster, database, databaseUrl));
    await cluster.dropDatabase(database);
  }
  return [
    {
      id: 'start',
      measurements: [
        { name: 'existing', text: 'start to the first 201, existing database', values: later, unit: 's' },
        { name: 'first', text: 'start to the first 201, empty database', values: first, unit: 's' },
      ],
    },
  ];
}

async function secondsToFirstRegistration(cluster, database, databaseUrl) {
  const port = await freePort();
  const begun = performance.now();
  const starting = startClientele(cluster, { database, databaseUrl, environment: { PORT: String(port) } });
  const registered = firstRegistration(`http://127.0.0.1:${port}/register`);
  const [seconds, clientele] = await Promise.all([
    registered.then(() => (performance.now() - begun) / 1000),
    starting,
  ]);
  await clientele.stop();
  return seconds;
}

async function firstRegistration(url) {
  const headers = { 'Content-Type': 'application/json', 'X-Forwarded-Proto': 'https' };
  for (;;) {
    const response = await fetch(url, { method: 'POST', headers, body: publicClients[0] }).catch(
      () => undefined,
    );
    if (response?.status === 201) return;
    if (response) throw new Error(`the first registration was answered with ${response.status}`);
    await delay(REPEAT_MS);
  }
}

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}
