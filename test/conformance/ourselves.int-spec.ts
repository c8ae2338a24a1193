import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { exportPKCS8 } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { conformanceCommand } from '../../src/commands/conformance.command.js';
import { runCommandLine } from '../../src/commands/framework/run-command-line.js';
import { createOutput } from '../../src/commands/framework/output.js';
import { allChapters, select } from '../../src/conformance/all-chapters.js';
import { profiles } from '../../src/conformance/conformance-test.js';
import type { RunResult } from '../../src/conformance/result.js';
import { anIssuer } from '../support/software-statements.js';
import { startTestService, type TestService } from '../support/service.js';

let service: TestService;
let folder: string;
beforeAll(async () => {
  service = await startTestService();
  folder = await mkdtemp(path.join(tmpdir(), 'conformance-'));
});
afterAll(async () => {
  await service.stop();
  await rm(folder, { recursive: true, force: true });
});

interface Report extends RunResult {
  readonly conforms: boolean;
  readonly summary: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** Runs the command as it is typed. */
async function typed(...args: string[]): Promise<{ code: number | undefined; out: string; err: string }> {
  let out = '';
  let err = '';
  const output = createOutput({ write: (text) => (out += text) }, { write: (text) => (err += text) }, false);
  const code = await runCommandLine(
    { commands: [conformanceCommand], version: () => '1.2.3' },
    ['conformance', ...args],
    {
      environment: {},
      output,
      signal: new AbortController().signal,
      complain: (line) => (err += `${line}\n`),
    },
  );
  return { code, out, err };
}

/** A run with both reports, read back. */
async function reported(...args: string[]) {
  const json = path.join(folder, 'report.json');
  const junit = path.join(folder, 'report.xml');
  const ended = await typed('--issuer', service.url, '--json', json, '--junit', junit, ...args);
  const report = JSON.parse(await readFile(json, 'utf8')) as Report;
  return { ...ended, report, xml: await readFile(junit, 'utf8') };
}

const notMet = ({ results }: Report) =>
  results
    .filter(({ verdict }) => verdict !== 'pass' && verdict !== 'skipped')
    .map(({ id, verdict, found }) => [id, verdict, found]);
const skipped = ({ results }: Report) =>
  results.filter(({ verdict }) => verdict === 'skipped').map(({ id }) => id);

async function initialAccessToken(issuing: TestService): Promise<string> {
  const answer = await issuing.admin('POST', '/initial-access-tokens', {
    reason: 'conformance',
    expires_in: 3_600,
    max_uses: null,
  });
  return ((await answer.json()) as { token: string }).token;
}

/** Has the realm trust an issuer of software statements, and names its key. */
async function trustedStatements(): Promise<string[]> {
  const issuer = await anIssuer('https://statements.example', 'ES256');
  const realm = await service.admin('PUT', '/realms/default', {
    ...openRealm,
    software_statements: { issuers: [issuer.trust()] },
  });
  expect(realm.status).toBe(200);
  const key = path.join(folder, 'statements.pem');
  await writeFile(key, await exportPKCS8(issuer.privateKey), { mode: 0o600 });
  return ['--software-statement-key', key, '--software-statement-issuer', issuer.issuer];
}

const openRealm = {
  reason: 'conformance',
  registration: 'open',
  profile: 'default',
  scopes: ['mcp:tools', 'offline_access'],
  default_scopes: ['mcp:tools'],
  resources: [],
  unknown_resources: 'loopback',
};

describe('Clientele', () => {
  test('meets every requirement of every profile, and nothing is left behind', async () => {
    const { code, report, xml, out } = await reported(...(await trustedStatements()));
    expect(notMet(report)).toEqual([]);
    expect(skipped(report)).toEqual(['R-01-tls', 'R-10']);
    expect(code).toBe(0);
    const total = allChapters.reduce((sum, { tests }) => sum + tests.length, 0);
    expect(report.results.length).toBe(total);
    expect(total).toBeGreaterThan(90);
    expect(report.conforms).toBe(true);
    expect(report.summary['MUST']).toMatchObject({ fail: 0, error: 0 });
    expect(report.clients).toMatchObject({ left: 0 });
    expect(report.clients.deleted).toBeGreaterThan(50);
    expect(xml.match(/<testcase /g)).toHaveLength(total);
    expect(xml.match(/<skipped /g)).toHaveLength(2);
    expect(xml).not.toMatch(/<failure|<error/);
    expect(out).toContain('0 failed, 0 errors');
    expect(out).not.toContain('\u001B');
  });

  test.each(profiles)('meets the profile %s when it is run alone', async (profile) => {
    const { code, report } = await reported('--profile', profile);
    const chosen = select({ profiles: [profile], only: [] }).flatMap(({ tests }) => tests);
    expect(notMet(report)).toEqual([]);
    expect(chosen.length).toBeGreaterThanOrEqual(25);
    expect(report.results.map(({ id }) => id)).toEqual(chosen.map(({ id }) => id));
    expect(code).toBe(0);
  });

  test('meets them with an initial access token, too', async () => {
    const { code, report } = await reported('--initial-access-token', await initialAccessToken(service));
    expect(notMet(report)).toEqual([]);
    expect(code).toBe(0);
    expect(report.clients).toMatchObject({ left: 0 });
    expect(JSON.stringify(report)).not.toMatch(/\b(iat|rat|cs)_[A-Za-z0-9_-]{20,}/);
  });

  test('where an operator closed registration to strangers, only openness is missed', async () => {
    const members = await startTestService();
    try {
      const realm = await members.admin('PUT', '/realms/default', { ...openRealm, registration: 'token' });
      expect(realm.status).toBe(200);
      const { report, code } = await reported(
        '--issuer',
        members.url,
        '--registration-endpoint',
        `${members.url}/register/protected`,
        '--initial-access-token',
        await initialAccessToken(members),
      );
      expect(notMet(report).map(([id]) => id)).toEqual(['R-09']);
      expect(report.results.find(({ id }) => id === 'R-10')?.verdict).toBe('pass');
      expect(code).toBe(0);
    } finally {
      await members.stop();
    }
  });
});

describe('the command', () => {
  test('lists tests and runs none', async () => {
    const { code, out } = await typed('--list', '--profile', 'rfc7592');
    expect(code).toBe(0);
    expect(out).toMatch(/M-20 +MUST +an update replaces/);
    expect(out).not.toContain('R-41');
  });

  test('runs the tests of one requirement', async () => {
    const { code, out } = await typed('--issuer', service.url, '--only', 'R-05');
    expect(code).toBe(0);
    expect(out).toMatch(/^pass +R-05 /m);
    expect(out).toMatch(/^pass +R-05-echo /m);
    expect(out).toContain('2 tests');
  });

  test.each([
    [['--only', 'R-05'], /--issuer is missing/],
    [['--issuer', 'as.example'], /--issuer must be a URL/],
    [['--issuer', 'http://localhost', '--only', 'R-5'], /no test R-5/],
    [['--issuer', 'http://localhost', '--profile', 'rfc7593'], /--profile must be all or/],
    [['--issuer', 'http://localhost', '--software-statement-key', '/nowhere'], /software-statement-key/],
  ])('%j ends with code 2', async (args, message) => {
    const { code, err } = await typed(...args);
    expect(code).toBe(2);
    expect(err).toMatch(message);
  });

  test('code 3 when nothing answers, and when there is no registration endpoint', async () => {
    const nobody = await typed('--issuer', 'http://127.0.0.1:9');
    expect([nobody.code, nobody.err]).toEqual([3, expect.stringContaining('does not answer')]);
    const none = await typed('--issuer', `${service.url}/no-such-realm`);
    expect([none.code, none.err]).toEqual([3, expect.stringContaining('No metadata')]);
  });
});
