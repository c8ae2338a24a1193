import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify, type JSONWebKeySet } from 'jose';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { keysRotate } from '../../src/commands/keys-rotate.command.js';
import { keysList } from '../../src/commands/keys-list.command.js';
import { createOutput } from '../../src/commands/framework/output.js';
import { parseOptions } from '../../src/commands/framework/parse-options.js';
import type { Command } from '../../src/commands/framework/command.js';
import { ExpiredRows } from '../../src/features/authorization/storage/expired-rows.js';
import { Clock } from '../../src/platform/clock.js';
import type { LooseJson } from '../support/loose-json.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { aLoopbackClient, aMachineClient } from '../support/registrations.js';
import { startTestService, type TestService } from '../support/service.js';
import { examined, MASTER_KEY } from './doctor-patient.js';

/** Instances look for other keys every two seconds and never use what is older than four. */
const LOOK = { timeout: 8_000, interval: 100 };

let database: TestDatabase;
let services: TestService[];
/** What the commands are given. */
let masterKey: Buffer;
let machine: { client_id: string; client_secret: string };

beforeEach(async () => {
  masterKey = MASTER_KEY;
  database = await createTestDatabase();
  const first = await startTestService({}, database);
  services = [first, await startTestService({ publicUrl: first.url }, database)];
  machine = (await (await first.register(aMachineClient())).json()) as typeof machine;
  await first.admin('POST', `/clients/${machine.client_id}/approve`, { reason: 'known' });
});
afterEach(async () => {
  for (const service of services) await service.stop();
  await database.drop();
});

/** Types a command with the instances' environment. */
async function typed(
  command: Command,
  ...args: string[]
): Promise<{ code: number | undefined; out: string }> {
  let out = '';
  const stdout = { write: (text: string) => (out += text) };
  const code = await command.run(
    {
      environment: { DATABASE_URL: database.url, MASTER_KEY: masterKey.toString('base64') },
      output: createOutput(stdout, stdout, false),
      signal: new AbortController().signal,
    },
    parseOptions(command, args) as never,
  );
  return { code, out };
}

const rotate = async (...args: string[]): Promise<LooseJson> =>
  JSON.parse((await typed(keysRotate, '--json', ...args)).out);

const basic = () =>
  `Basic ${Buffer.from(`${machine.client_id}:${machine.client_secret}`).toString('base64')}`;

async function post(service: TestService, path_: string, form: Record<string, string>): Promise<LooseJson> {
  const response = await service.request(path_, {
    method: 'POST',
    headers: { Authorization: basic() },
    body: new URLSearchParams(form),
  });
  return response.json();
}

const tokenFrom = async (service: TestService): Promise<string> =>
  (await post(service, '/token', { grant_type: 'client_credentials' })).access_token;
const kidOf = (token: string): string | undefined => decodeProtectedHeader(token).kid;
const keysOf = async (service: TestService): Promise<JSONWebKeySet> =>
  (await service.request('/jwks')).json() as Promise<JSONWebKeySet>;
const kidsOf = async (service: TestService) => (await keysOf(service)).keys.map(({ kid }) => kid);
const isActive = async (service: TestService, token: string): Promise<boolean> =>
  (await post(service, '/introspect', { token })).active;
const verifies = async (service: TestService, token: string): Promise<boolean> =>
  jwtVerify(token, createLocalJWKSet(await keysOf(service))).then(
    () => true,
    () => false,
  );

/** Moves the clock that the instances go by for keys. */
function passSeconds(seconds: number): void {
  for (const service of services) {
    vi.spyOn(service.application.get(Clock), 'now').mockImplementation(() => Date.now() + seconds * 1000);
  }
}

describe('a scheduled rotation', () => {
  it('publishes first, signs after the lead time, and voids nothing', async () => {
    const before = await tokenFrom(services[0]!);
    const { kid, replaced } = await rotate('--lead', '60', '--reason', 'every 90 days');
    expect(replaced).toEqual([kidOf(before)]);

    for (const service of services) {
      await vi.waitFor(async () => expect(await kidsOf(service)).toEqual([kidOf(before), kid]), LOOK);
      expect(kidOf(await tokenFrom(service))).toBe(kidOf(before));
    }
    passSeconds(61);
    for (const service of services) {
      await vi.waitFor(async () => expect(kidOf(await tokenFrom(service))).toBe(kid), LOOK);
      expect(await kidsOf(service)).toEqual([kid, kidOf(before)]);
      expect([await verifies(service, before), await isActive(service, before)]).toEqual([true, true]);
    }
  });

  it('is an event of the realm, sealed, without key material', async () => {
    const { kid } = await rotate('--reason', 'every 90 days');
    const { rows } = await database.pool.query(
      `select body, stream from events where type = 'realm.keys_rotated'`,
    );
    const event = JSON.parse(rows[0].body.toString());
    expect(rows).toHaveLength(1);
    expect(event).toMatchObject({
      stream: 'realm:default',
      actor: { kind: 'operator', id: { $sealed: expect.anything() }, method: 'command_line' },
      data: { name: 'default', mode: 'scheduled', kid, reason: { $sealed: expect.anything() } },
    });
    expect(JSON.stringify(event)).not.toMatch(/"(d|p|q|x|wrapped)":/);
    const shown = await services[0]!.admin('GET', '/events?after=0');
    expect(await shown.text()).toContain('every 90 days');
    // Decisions under the realm's earlier version are made again, and go through.
    expect((await services[1]!.register(aLoopbackClient())).status).toBe(201);
  });

  it('is listed, and what it retired is removed once it signed nothing that lives', async () => {
    await tokenFrom(services[0]!);
    const { kid, replaced } = await rotate();
    const lines = async () => (await typed(keysList)).out.trim().split('\n');
    expect(await lines()).toEqual([
      expect.stringMatching(new RegExp(`^default {2}${kid} {2}upcoming`)),
      expect.stringMatching(new RegExp(`^default {2}${replaced[0]} {2}in force`)),
    ]);
    await database.pool.query(
      `update signing_keys set activates_at = activates_at - interval '2 h', retired_at = retired_at - interval '59 min'`,
    );
    const expired = new ExpiredRows(database.pool);
    await expired.remove();
    expect(await lines()).toHaveLength(2);
    await database.pool.query(`update signing_keys set retired_at = retired_at - interval '10 min'`);
    await expired.remove();
    expect(await lines()).toEqual([expect.stringMatching(new RegExp(`${kid} {2}in force`))]);
  });

  it('of a realm that nobody configured, or under another master key, changes nothing', async () => {
    const state = () => database.pool.query('select * from signing_keys order by kid');
    const before = (await state()).rows;
    await expect(rotate('--realm', 'nobody')).rejects.toThrow('There is no realm "nobody"');
    expect((await state()).rows).toEqual(before);
    masterKey = randomBytes(32);
    await expect(rotate()).rejects.toThrow(/present master key does not open/);
    expect((await state()).rows).toEqual(before);
    await expect(rotate('--lead', '1')).rejects.toThrow(/at least 10/);
  });
});

describe('an emergency rotation', () => {
  it('voids every token of the old key on every instance, within seconds', async () => {
    const leaked = await tokenFrom(services[0]!);
    for (const service of services) expect(await isActive(service, leaked)).toBe(true);
    const { kid } = await rotate('--now', '--reason', 'leaked');
    for (const service of services) {
      await vi.waitFor(async () => expect(await kidsOf(service)).toEqual([kid]), LOOK);
      expect([await verifies(service, leaked), await isActive(service, leaked)]).toEqual([false, false]);
      const fresh = await tokenFrom(service);
      expect([kidOf(fresh), await isActive(service, fresh)]).toEqual([kid, true]);
    }
  });
});

describe('a new master key', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'clientele-master-key-'));
  const file = path.join(folder, 'new');
  const fresh = randomBytes(32);
  writeFileSync(file, fresh.toString('base64'));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('waits until no instance runs, then wraps everything anew and voids nothing', async () => {
    const sealing = await services[0]!.register(aLoopbackClient({ contacts: ['ops@example.com'] }));
    const sealed = (await sealing.json()) as LooseJson;
    const token = await tokenFrom(services[0]!);
    const master = ['--master', '--new-master-key-file', file];
    await expect(rotate(...master)).rejects.toThrow(/connections of running instances: stop every instance/);
    expect((await examined({ DATABASE_URL: database.url }))['master key']).toMatchObject({ status: 'ok' });

    for (const service of services) await service.stop();
    const counts = await rotate(...master);
    expect(counts).toMatchObject({ signing_keys: 1, cookie_keys: 1 });
    expect(counts.sealing_keys).toBeGreaterThanOrEqual(3);
    await expect(rotate(...master)).rejects.toThrow(/present master key does not open/);
    expect((await examined({ DATABASE_URL: database.url }))['master key']).toMatchObject({ status: 'fail' });
    expect(
      (await examined({ DATABASE_URL: database.url }, { masterKey: fresh }))['master key'],
    ).toMatchObject({ status: 'ok' });

    const { publicUrl } = services[0]!.configuration;
    services = [await startTestService({ publicUrl, masterKey: fresh }, database)];
    expect(await isActive(services[0]!, token)).toBe(true);
    const client = await services[0]!.admin('GET', `/clients/${sealed.client_id}`);
    expect(await client.text()).toContain('ops@example.com');
    const { rows } = await database.pool.query(`select stream from events where type = 'master_key.rotated'`);
    expect(rows).toEqual([{ stream: 'master_key' }]);
  });
});
