// node bench/load/cost.mjs: what a request costs the load generator, and what it costs autocannon.
// Both send the same registration to a server that does nothing, one after the other, several times over.
import { fork } from 'node:child_process';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import autocannon from 'autocannon';
import { publicClients } from '../scenarios/client-bodies.mjs';
import { drive } from './drive.mjs';
import { median } from './latencies.mjs';
import { workloads } from './workloads.mjs';

const SELF = fileURLToPath(import.meta.url);
const CONNECTIONS = 32;
const SECONDS = 4;
const RUNS = 3;
const ANSWER = JSON.stringify({ client_id: 'x'.repeat(24), filler: 'y'.repeat(600) });

const request = {
  method: 'POST',
  path: '/register',
  headers: { 'Content-Type': 'application/json' },
  body: publicClients[0],
};

const generators = {
  async ours(port) {
    const target = { host: '127.0.0.1', port };
    const workload = workloads.requestsInTurn({ requests: [request], expected: 201 }, target);
    const { count, p50, p99 } = await drive({ target, connections: CONNECTIONS, seconds: SECONDS }, workload);
    return { count, p50, p99 };
  },
  async autocannon(port) {
    const { method, path, headers, body } = request;
    const result = await autocannon({
      url: `http://127.0.0.1:${port}${path}`,
      method,
      headers,
      body,
      connections: CONNECTIONS,
      duration: SECONDS,
    });
    if (result.non2xx + result.errors > 0) throw new Error('autocannon met errors');
    return { count: result.requests.total, p50: result.latency.p50, p99: result.latency.p99 };
  },
};

const roles = {
  server() {
    const server = createServer((incoming, response) => {
      incoming.resume().once('end', () => {
        response.writeHead(201, { 'Content-Type': 'application/json' }).end(ANSWER);
      });
    });
    server.listen(0, '127.0.0.1', () => process.send(server.address().port));
  },
  async generator(name, port) {
    await generators[name](port);
    const before = process.cpuUsage();
    const result = await generators[name](port);
    const { user, system } = process.cpuUsage(before);
    process.send({ ...result, microseconds: (user + system) / result.count });
  },
};

const [role, ...rest] = process.argv.slice(2);
if (role === undefined) await compareCosts();
else {
  process.once('disconnect', () => process.exit());
  await roles[role](...rest);
}

async function compareCosts() {
  const server = fork(SELF, ['server']);
  const port = await firstMessage(server);
  const measured = new Map(Object.keys(generators).map((name) => [name, []]));
  for (let run = 0; run < RUNS; run += 1) {
    for (const [name, results] of measured) {
      const generator = fork(SELF, ['generator', name, String(port)]);
      results.push(await firstMessage(generator));
      generator.disconnect();
    }
  }
  for (const [name, results] of measured) {
    const middle = (figure) => median(results.map((result) => result[figure]));
    const rate = Math.round(middle('count') / SECONDS);
    process.stdout.write(
      `${name}: ${middle('microseconds').toFixed(1)} µs a request, ${rate}/s, p50 ${middle('p50').toFixed(2)} ms\n`,
    );
  }
  server.disconnect();
}

function firstMessage(child) {
  return new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('exit', (code) => reject(new Error(`a process ended with ${code}`)));
  });
}
