import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { drive } from './drive.mjs';
import { workloads } from './workloads.mjs';

const opened: (() => void)[] = [];

async function serve(listener: RequestListener) {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  opened.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
}

afterEach(() => opened.splice(0).forEach((close) => close()));

const request = { method: 'POST', path: '/register', body: '{}' };
const load = (target: { host: string; port: number }) =>
  workloads.requestsInTurn({ requests: [request], expected: 201 }, target);

describe('a drive', () => {
  it('counts exactly what the server answered, on every connection', async () => {
    let answered = 0;
    const target = await serve((_, response) => {
      answered += 1;
      response.writeHead(201).end('created');
    });
    const result = await drive({ target, connections: 4, seconds: 0.2 }, load(target));
    expect(result.count).toBe(answered);
    expect(result.count).toBeGreaterThan(4);
    expect(result.sample).toMatchObject({ status: 201, body: 'created' });
    expect(result.p99).toBeGreaterThanOrEqual(result.p50);
  });

  it('fails at the first answer with another status', async () => {
    let answered = 0;
    const target = await serve((_, response) => {
      answered += 1;
      response.writeHead(answered === 20 ? 503 : 201).end('busy');
    });
    await expect(drive({ target, connections: 2, seconds: 30 }, load(target))).rejects.toThrow(
      'expected status 201, got: HTTP/1.1 503',
    );
  });

  it('fails when a connection breaks', async () => {
    const target = await serve((incoming) => incoming.socket.destroy());
    await expect(drive({ target, connections: 2, seconds: 30 }, load(target))).rejects.toThrow(
      'closed the connection',
    );
  });

  it('at a rate begins so many and no more', async () => {
    const target = await serve((_, response) => response.writeHead(201).end());
    const result = await drive({ target, connections: 4, seconds: 0.5, rate: 100 }, load(target));
    expect(result.count + result.late).toBeGreaterThanOrEqual(25);
    expect(result.count).toBeLessThanOrEqual(50);
  });

  it('counts a flow of several requests once', async () => {
    const paths: string[] = [];
    const target = await serve((incoming, response) => {
      paths.push(String(incoming.url));
      response.writeHead(200).end();
    });
    const get = (path: string) => Buffer.from(`GET ${path} HTTP/1.1\r\nHost: bench\r\n\r\n`);
    const second = { request: get('/second'), expected: 200 };
    const flow = { request: get('/first'), expected: 200, next: () => second };
    const result = await drive({ target, connections: 1, seconds: 0.05 }, { begin: () => flow });
    expect(paths.slice(0, 3)).toEqual(['/first', '/second', '/first']);
    expect(result.count * 2).toBe(paths.length);
  });
});
