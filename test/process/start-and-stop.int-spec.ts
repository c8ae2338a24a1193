import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { readPostmasterFile } from '../../src/platform/database/embedded/postmaster-file.js';
import { commandLine } from '../../src/platform/database/embedded/running-process.js';
import { buildService, startService, type ServiceProcess } from './service-process.js';

/** A start takes a second on an idle machine; this only has to be shorter than any timeout that could be waited for. */
const SOON_MS = 15_000;

const folders: string[] = [];
const services: ServiceProcess[] = [];
/** Of the tests that need no first start; each leaves it as a later start finds it. */
let used: string;

beforeAll(async () => {
  buildService();
  used = newDataDirectory();
  const first = service(used);
  await first.started;
  first.child.kill('SIGTERM');
  await first.ended;
});

afterEach(async () => {
  for (const { child, ended } of services.splice(0)) {
    child.kill('SIGTERM');
    await ended;
  }
});

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function newDataDirectory(): string {
  const parent = mkdtempSync(path.join(tmpdir(), 'clientele-process-'));
  // As root, PostgreSQL runs as somebody else and has to get through here.
  chmodSync(parent, 0o711);
  folders.push(parent);
  return path.join(parent, 'data');
}

function service(data: string, environment: Record<string, string> = {}): ServiceProcess {
  const started = startService({ DATA_DIR: data, ...environment });
  services.push(started);
  return started;
}

/** Of the PostgreSQL that runs on a data directory. */
function serverPid(data: string): number | undefined {
  const pid = readPostmasterFile(path.join(data, 'postgres'))?.pid;
  return pid !== undefined && commandLine(pid)?.includes(data) ? pid : undefined;
}

function adminToken(data: string): string {
  return readFileSync(path.join(data, 'admin-token'), 'utf8').trim();
}

/** Settles when nothing new is accepted any more. */
async function refusingConnections(port: number): Promise<void> {
  for (;;) {
    const probe = connect(port, '127.0.0.1');
    const accepted = await once(probe, 'connect').then(
      () => true,
      () => false,
    );
    probe.destroy();
    if (!accepted) return;
  }
}

describe('a first start', () => {
  it('serves, prints the admin token it made, and keeps it for its owner', async () => {
    const data = newDataDirectory();
    const { started, output } = service(data);
    const issuer = await started;
    const response = await fetch(`${issuer}/health/ready`);
    expect([response.status, await response.json()]).toEqual([
      200,
      expect.objectContaining({ status: 'ready' }),
    ]);
    expect(output()).toContain(adminToken(data));
    expect(statSync(path.join(data, 'admin-token')).mode & 0o777).toBe(0o600);
    expect(output()).not.toMatch(/warn/i);
  });
});

describe('a later start', () => {
  it('does not show the token again, and migrates nothing', async () => {
    const { started, output } = service(used);
    await started;
    expect(output()).not.toContain(adminToken(used));
    expect(output()).toContain('admin-token');
    expect(output()).not.toContain('migrated');
  });

  it('serves again soon after kill -9, which leaves PostgreSQL behind', async () => {
    const first = service(used);
    await first.started;
    first.child.kill('SIGKILL');
    await first.ended;
    expect(serverPid(used)).toBeDefined();
    const begun = performance.now();
    const issuer = await service(used).started;
    expect((await fetch(`${issuer}/health/ready`)).status).toBe(200);
    expect(performance.now() - begun).toBeLessThan(SOON_MS);
  });
});

describe('a second start on the same folder', () => {
  it('is refused with the process to stop, and leaves the first alone', async () => {
    const first = service(used);
    const issuer = await first.started;
    const second = service(used);
    expect(await second.ended).toEqual({ code: 1, signal: null });
    expect(second.output()).toContain(`process ${first.child.pid}`);
    expect(second.output()).not.toMatch(/^\s+at /m);
    expect((await fetch(`${issuer}/health/ready`)).status).toBe(200);
  });
});

describe('a signal', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('%s ends everything with code 0', async (signal) => {
    const { child, started, ended } = service(used);
    await started;
    child.kill(signal);
    expect(await ended).toEqual({ code: 0, signal: null });
    expect(serverPid(used)).toBeUndefined();
    expect(() => statSync(path.join(used, 'lock'))).toThrow(/ENOENT/);
  });

  it('that npm and the terminal both pass on counts once', async () => {
    const { child, started, ended } = service(used);
    await started;
    child.kill('SIGINT');
    child.kill('SIGINT');
    expect(await ended).toEqual({ code: 0, signal: null });
  });

  it('lets a running request finish', async () => {
    const { child, started, ended } = service(used);
    const { port } = new URL(await started);
    const socket = connect(Number(port), '127.0.0.1');
    await once(socket, 'connect');
    const body = JSON.stringify({ a: 1 });
    socket.write(`POST /nowhere HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n`);
    socket.write(`Content-Length: ${body.length}\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n`);
    const [interim] = (await once(socket.setEncoding('utf8'), 'data')) as [string];
    expect(interim).toMatch(/^HTTP\/1\.1 100/);
    child.kill('SIGINT');
    socket.write(body);
    const [answer] = (await once(socket, 'data')) as [string];
    expect(answer).toMatch(/^HTTP\/1\.1 404/);
    expect(await ended).toEqual({ code: 0, signal: null });
  });

  it('does not wait for connections that a client keeps open after its answer', async () => {
    const { child, started, ended, output } = service(used);
    const { port } = new URL(await started);
    const socket = connect(Number(port), '127.0.0.1');
    await once(socket, 'connect');
    const body = JSON.stringify({ a: 1 });
    socket.write(`POST /nowhere HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n`);
    socket.write(`Content-Length: ${body.length}\r\nExpect: 100-continue\r\n\r\n`);
    await once(socket.setEncoding('utf8'), 'data');
    child.kill('SIGTERM');
    await refusingConnections(Number(port));
    socket.write(body);
    const [answer] = (await once(socket, 'data')) as [string];
    expect(answer).toMatch(/^HTTP\/1\.1 404/);
    expect(await ended).toEqual({ code: 0, signal: null });
    expect(output()).not.toContain('cut off');
  });

  it('during the start ends everything as well', async () => {
    const data = newDataDirectory();
    const { child, ended, output } = service(data);
    await once(child.stdout as NodeJS.ReadableStream, 'data');
    child.kill('SIGINT');
    expect(await ended).toEqual({ code: 0, signal: null });
    expect(output()).not.toContain('Register a client');
    expect(serverPid(data)).toBeUndefined();
  });
});

describe('the death of its PostgreSQL', () => {
  it('ends the service with an error, because nothing could be recorded any more', async () => {
    const { started, ended, output } = service(used);
    await started;
    process.kill(serverPid(used) as number, 'SIGKILL');
    expect(await ended).toEqual({ code: 1, signal: null });
    expect(output()).toContain('PostgreSQL ended unexpectedly');
  });
});

describe('a start that cannot succeed', () => {
  it('names every problem of the environment at once, without a stack', async () => {
    const { ended, output } = service(used, { PUBLIC_URL: 'http://clients.example.com', PORT: 'x' });
    expect(await ended).toEqual({ code: 1, signal: null });
    for (const name of ['PUBLIC_URL', 'PORT', 'DATABASE_URL', 'MASTER_KEY', 'ADMIN_TOKEN']) {
      expect(output()).toMatch(new RegExp(`^ {2}${name} `, 'm'));
    }
    expect(output()).not.toMatch(/^\s+at /m);
  });

  it('says which port is in use', async () => {
    const occupant = createServer().listen(0, '127.0.0.1');
    await once(occupant, 'listening');
    const { port } = occupant.address() as AddressInfo;
    const { ended, output } = service(used, { PORT: String(port) });
    expect(await ended).toEqual({ code: 1, signal: null });
    expect(output()).toContain(`Port ${port} is in use`);
    expect(serverPid(used)).toBeUndefined();
    occupant.close();
  });

  it('says which database does not answer', async () => {
    const { ended, output } = service(used, { DATABASE_URL: 'postgres://me:hunter2@127.0.0.1:1/none' });
    expect(await ended).toEqual({ code: 1, signal: null });
    expect(output()).toContain('127.0.0.1:1');
    expect(output()).not.toContain('hunter2');
  });
});
