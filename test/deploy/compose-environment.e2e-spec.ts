import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { topics } from '../../src/platform/kafka/topics.js';
import { buildService, startService, type ServiceProcess } from '../process/service-process.js';
import { prepareComposeEnvironment, type ComposeEnvironment } from '../support/compose-environment.js';
import { startKafkaBroker, type KafkaBroker } from '../support/kafka-broker.js';
import { consume, versionsKept } from '../support/kafka-records.js';
import type { LooseJson } from '../support/loose-json.js';
import { startTestCluster, type TestCluster } from '../support/postgres.js';
import { onServer } from '../support/postgres-template.js';
import { aLoopbackClient, aMachineClient } from '../support/registrations.js';

const PUBLIC_URL = 'https://clients.example.com';
const RESOURCE = 'https://reports.example.com/mcp';
/** A lease lasts ten seconds; the rest is for a busy machine. */
const TAKEOVER_MS = 20_000;

let cluster: TestCluster;
let broker: KafkaBroker;
let compose: ComposeEnvironment;
const processes: ServiceProcess[] = [];

beforeAll(async () => {
  buildService();
  [cluster, broker] = await Promise.all([startTestCluster(), startKafkaBroker()]);
  compose = await prepareComposeEnvironment(
    { postgres: new URL(cluster.url).host, kafka: broker.brokers },
    cluster.url,
    PUBLIC_URL,
  );
});

afterAll(async () => {
  for (const { child, ended } of processes) {
    child.kill('SIGKILL');
    await ended;
  }
  compose.remove();
  await broker.stop();
  await cluster.destroy();
});

/** A container of the compose file as a process. */
function start(service: string, changes: Record<string, string> = {}): ServiceProcess {
  const started = startService({ ...compose.of(service), ...changes });
  processes.push(started);
  return started;
}

function migrate(): ReturnType<typeof spawnSync> {
  const [program = '', ...words] = compose.file.services['migrate']?.command ?? [];
  return spawnSync(program, words, {
    env: { PATH: process.env['PATH'], ...compose.of('migrate') },
    encoding: 'utf8',
  });
}

/** As the proxy passes it on. */
function ask(
  base: string,
  path: string,
  { headers, ...init }: Omit<RequestInit, 'headers'> & { headers?: Record<string, string> } = {},
): Promise<Response> {
  const forwarded = { 'X-Forwarded-Proto': 'https', 'X-Forwarded-For': '203.0.113.9' };
  return fetch(base + path, { redirect: 'manual', ...init, headers: { ...forwarded, ...headers } });
}

async function send(base: string, method: string, path: string, token: string, body?: unknown) {
  const response = await ask(base, path, {
    method,
    headers: {
      Authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const answered: LooseJson = text === '' ? {} : JSON.parse(text);
  return { status: response.status, body: answered };
}

function tokenRequest(base: string, client: LooseJson, parameters: Record<string, string> = {}) {
  const basic = Buffer.from(`${client.client_id}:${client.client_secret}`).toString('base64');
  return ask(base, '/token', {
    method: 'POST',
    headers: { Authorization: `Basic ${basic}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', ...parameters }),
  });
}

/** The path of one of our URLs, to ask another instance for it. */
const pathOf = (url: string): string => {
  expect(url).toMatch(new RegExp(`^${PUBLIC_URL}/`));
  return new URL(url).pathname;
};

describe('before the migrations', () => {
  it('an instance is refused, with what to do', async () => {
    const { ended, output } = start('api');
    expect(await ended).toEqual({ code: 1, signal: null });
    expect(output()).toMatch(/clientele_service does not own it\. Run clientele migrate as its owner/);
  });
});

describe('the migrate service', () => {
  it('needs nothing but the address of the owner, and may run again', () => {
    expect(migrate()).toMatchObject({ status: 0, stdout: expect.stringContaining('ran EventLog') });
    expect(migrate()).toMatchObject({ status: 0, stdout: 'The schema is up to date.\n' });
  });
});

describe('two instances and two relays', () => {
  let urls: string[];
  let relays: { process: ServiceProcess; url: string }[];
  let adminToken: string;

  beforeAll(async () => {
    const instances = [start('api'), start('api')];
    urls = await Promise.all(instances.map(({ started }) => started));
    const both = [start('relay'), start('relay')];
    relays = await Promise.all(both.map(async (process) => ({ process, url: await process.started })));
    adminToken = compose.secret('admin_token');
  });

  it('serve the same clients at once: registered at one, known at the other, deleted at one, gone at the other', async () => {
    const [a = '', b = ''] = urls;
    const realm = await send(a, 'PUT', '/admin/v1/realms/default', adminToken, {
      registration: 'open',
      profile: 'default',
      scopes: [],
      default_scopes: ['reports:read'],
      resources: [{ identifier: RESOURCE, name: 'Reports', scopes: ['reports:read'] }],
      default_resource: RESOURCE,
      reason: 'what is protected here',
    });
    expect(realm).toMatchObject({ status: 200 });
    const issued = await send(b, 'POST', '/admin/v1/initial-access-tokens', adminToken, { reason: 'batch' });
    const registered = await send(a, 'POST', '/register', issued.body.token as string, aMachineClient());
    expect(registered.status).toBe(201);
    const client = registered.body;
    const own = pathOf(client.registration_client_uri as string);

    expect((await send(b, 'GET', own, client.registration_access_token as string)).status).toBe(200);
    const answer = await tokenRequest(b, client);
    expect(answer.status).toBe(200);
    const { access_token } = (await answer.json()) as { access_token: string };
    const claims: LooseJson = JSON.parse(
      Buffer.from(access_token.split('.')[1] ?? '', 'base64url').toString(),
    );
    expect(claims).toMatchObject({ iss: PUBLIC_URL, aud: RESOURCE, client_id: client.client_id });

    expect((await send(a, 'DELETE', own, client.registration_access_token as string)).status).toBe(204);
    const refused = await tokenRequest(b, client);
    expect([refused.status, ((await refused.json()) as LooseJson).error]).toEqual([401, 'invalid_client']);
    expect((await send(b, 'GET', own, client.registration_access_token as string)).status).toBe(401);
  });

  it('name themselves as PUBLIC_URL alone, set cookies for https alone, and believe the proxy who asked', async () => {
    const [a = ''] = urls;
    const metadata = (await (await ask(a, '/.well-known/oauth-authorization-server')).json()) as LooseJson;
    expect(metadata.issuer).toBe(PUBLIC_URL);
    const forged = await ask(a, '/.well-known/oauth-authorization-server', {
      headers: { 'X-Forwarded-Host': 'evil.example' },
    });
    expect(await forged.text()).not.toContain('evil.example');
    const { client_id } = (await (await register(a)).json()) as LooseJson;
    const page = await ask(
      a,
      `/authorize?${new URLSearchParams({
        client_id: client_id as string,
        response_type: 'code',
        redirect_uri: 'http://127.0.0.1:8765/callback',
        code_challenge: randomBytes(32).toString('base64url'),
        code_challenge_method: 'S256',
        scope: 'reports:read',
      }).toString()}`,
    );
    const cookies = page.headers.getSetCookie();
    expect(cookies).not.toEqual([]);
    for (const cookie of cookies) expect(cookie).toMatch(/; secure/i);

    const { body } = await send(a, 'GET', `/admin/v1/clients/${client_id as string}/events`, adminToken);
    expect(body.items[0].source.ip).toBe('203.0.113.9');
  });

  it('have nothing of development: no sign-in by name, no loopback resource', async () => {
    const [a = ''] = urls;
    const issued = await send(a, 'POST', '/admin/v1/initial-access-tokens', adminToken, { reason: 'batch' });
    const { body: client } = await send(
      a,
      'POST',
      '/register',
      issued.body.token as string,
      aMachineClient(),
    );
    const refused = await tokenRequest(a, client, { resource: 'http://127.0.0.1:9000/mcp' });
    expect([refused.status, ((await refused.json()) as LooseJson).error]).toEqual([400, 'invalid_target']);
  });

  it('after kill -9 of the relay that leads the other takes over, and every event arrives, in order', async () => {
    const [a = ''] = urls;
    const leader = await leading(relays);
    const others = relays.filter((relay) => relay !== leader);
    expect(others).toHaveLength(1);
    await registerMany(a, 10);
    leader.process.child.kill('SIGKILL');
    await registerMany(a, 10);
    const begun = performance.now();
    await leading(others);
    expect(performance.now() - begun).toBeLessThan(TAKEOVER_MS);
    await registerMany(a, 10);

    const logged = await onServer(compose.administratorUrl, async (client) => {
      const { rows } = await client.query<{
        position: string;
        event_id: string;
        stream: string;
        version: number;
      }>('select position::int, event_id, stream, version from events order by position');
      return rows;
    });
    expect(logged.map(({ position }) => position)).toEqual(logged.map((_, index) => index + 1));
    const records = await consume(
      broker.brokers,
      topics.events.name,
      (all) => new Set(all.map((record) => record.headers['ce_id'])).size === logged.length,
    );
    expect(new Set(records.map((record) => record.headers['ce_id']))).toEqual(
      new Set(logged.map(({ event_id }) => event_id)),
    );
    const kept = versionsKept(records);
    for (const stream of new Set(logged.map((event) => event.stream))) {
      const versions = logged.filter((event) => event.stream === stream).map(({ version }) => version);
      expect(kept.get(stream)).toEqual(versions);
    }
  }, 120_000);

  it('end with code 0 on SIGTERM in the middle of the load, and what they answered is in the log', async () => {
    const running = processes.filter(({ child }) => child.exitCode === null && child.signalCode === null);
    expect(running).toHaveLength(3);
    const requests = urls.flatMap((url) => Array.from({ length: 40 }, () => register(url)));
    await Promise.any(requests);
    for (const { child } of running) child.kill('SIGTERM');
    for (const { ended, output } of running) {
      expect(await ended).toEqual({ code: 0, signal: null });
      expect(output()).not.toContain('cut off');
    }

    const answers = (await Promise.allSettled(requests)).flatMap((each) =>
      each.status === 'fulfilled' && each.value.status === 201 ? [each.value] : [],
    );
    const registered = await Promise.all(
      answers.map(async (answer) => ((await answer.json()) as LooseJson).client_id as string),
    );
    expect(registered).not.toEqual([]);
    const known = await onServer(compose.administratorUrl, (client) =>
      client.query('select client_id from client_directory where client_id = any ($1)', [registered]),
    );
    expect(known.rowCount).toBe(registered.length);
  });

  async function registerMany(url: string, count: number): Promise<void> {
    for (let n = 0; n < count; n += 1) {
      expect((await register(url)).status).toBe(201);
    }
  }

  function register(url: string): Promise<Response> {
    return ask(url, '/register', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(aLoopbackClient()),
    });
  }

  async function leading(candidates: typeof relays): Promise<(typeof relays)[number]> {
    for (const begun = performance.now(); performance.now() - begun < TAKEOVER_MS; await delay(100)) {
      for (const candidate of candidates) {
        const report = (await (await fetch(`${candidate.url}/health/ready`)).json()) as LooseJson;
        if (report.checks.relay?.detail === 'connected to Kafka, publishing') return candidate;
      }
    }
    throw new Error('no relay leads');
  }
});

describe('a start in production is refused', () => {
  it.each([
    ['without the database', { DATABASE_URL_FILE: '' }, /DATABASE_URL \(or DATABASE_URL_FILE\) is missing/],
    ['without the master key', { MASTER_KEY_FILE: '' }, /MASTER_KEY \(or MASTER_KEY_FILE\) is missing/],
    [
      'with a short master key',
      { MASTER_KEY_FILE: '', MASTER_KEY: 'c2hvcnQ=' },
      /MASTER_KEY must be at least 32 bytes/,
    ],
    [
      'with another master key than before',
      { MASTER_KEY_FILE: '', MASTER_KEY: Buffer.alloc(32, 1).toString('base64') },
      /MASTER_KEY does not open what this database holds/,
    ],
    ['without the admin token', { ADMIN_TOKEN_FILE: '' }, /ADMIN_TOKEN \(or ADMIN_TOKEN_FILE\) is missing/],
    ['with a short admin token', { ADMIN_TOKEN_FILE: '', ADMIN_TOKEN: 'short' }, /at least 32 characters/],
    [
      'with an issuer that is not https',
      { PUBLIC_URL: 'http://clients.example.com' },
      /must be an https URL/,
    ],
    ['with a loopback issuer, since the image says production', { PUBLIC_URL: '' }, /must be an https URL/],
    [
      'with another issuer than before',
      { PUBLIC_URL: 'https://other.example.com' },
      /the clients of this database know the issuer https:\/\/clients\.example\.com/,
    ],
    [
      'with a secret file that is not there',
      { ADMIN_TOKEN_FILE: '/run/secrets/none' },
      /names a file that does not exist/,
    ],
  ])('%s', async (_, changes, reason) => {
    const { ended, output } = start('api', changes);
    expect(await ended).toEqual({ code: 1, signal: null });
    expect(output()).toMatch(reason);
    expect(output()).not.toMatch(/^\s+at /m);
    for (const secret of ['master_key', 'admin_token', 'service_password'])
      expect(output()).not.toContain(compose.secret(secret));
  });
});
