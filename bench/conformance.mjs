// Runs the conformance suite against Clientele and its peers, and writes the scores into docs/conformance.md:
//   npm run build && node bench/conformance.mjs
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { surroundings } from './report/surroundings.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const page = path.join(root, 'docs', 'conformance.md');
const SECTION = /(<!-- scores:[^\n]*-->\n)[\s\S]*?(<!-- end of scores -->)/;
const START_LIMIT_MS = 120_000;

const versionOf = (name) =>
  JSON.parse(readFileSync(new URL(`node_modules/${name}/package.json`, import.meta.url), 'utf8')).version;
const ours = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')).version;

/** Who is tested: a process that listens on the port in PORT. */
const servers = [
  {
    name: `Clientele ${ours}`,
    script: path.join(root, 'dist', 'main.js'),
    about: 'development mode, the shipped policy',
  },
  {
    name: `oidc-provider ${versionOf('oidc-provider')}`,
    script: fileURLToPath(new URL('conformance/oidc-provider-server.mjs', import.meta.url)),
    about: 'in memory, `registration` and `registrationManagement` on, everything else as it comes',
  },
  {
    name: `MCP TypeScript SDK ${versionOf('@modelcontextprotocol/sdk')}`,
    script: fileURLToPath(new URL('conformance/mcp-sdk-server.mjs', import.meta.url)),
    about: '`mcpAuthRouter` with clients in memory, its rate limit off',
  },
];

const folder = mkdtempSync(path.join(tmpdir(), 'conformance-'));
try {
  const reports = [];
  for (const [index, server] of servers.entries()) {
    reports.push({ ...server, ...(await examine(server, index)) });
  }
  const current = readFileSync(page, 'utf8');
  writeFileSync(
    page,
    current.replace(SECTION, (_, begin, end) => `${begin}\n${scores(reports)}\n\n${end}`),
  );
  spawnSync('npx', ['prettier', '--write', page], { cwd: root, stdio: 'inherit' });
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function examine({ name, script }, index) {
  const port = 41_000 + Math.floor(Math.random() * 5_000) + index;
  const issuer = `http://localhost:${port}`;
  const child = spawn(process.execPath, [script], {
    cwd: root,
    env: {
      PATH: process.env.PATH,
      PORT: String(port),
      DATA_DIR: path.join(folder, String(index)),
      LOG_LEVEL: 'warn',
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  try {
    await answers(`${issuer}/.well-known/oauth-authorization-server`, child);
    const file = path.join(folder, `${index}.json`);
    // The SDK writes issuers through a URL class, which ends them with a slash; it is tested as it publishes itself.
    const published = (await (await fetch(`${issuer}/.well-known/oauth-authorization-server`)).json()).issuer;
    const { status } = spawnSync(
      process.execPath,
      [path.join(root, 'dist', 'cli.js'), 'conformance', '--issuer', published, '--json', file],
      { stdio: ['ignore', 'ignore', 'inherit'] },
    );
    process.stderr.write(`${name}: exit code ${status}\n`);
    return { status, report: JSON.parse(readFileSync(file, 'utf8')) };
  } finally {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM');
      await ended;
    }
  }
}

async function answers(url, child) {
  const deadline = Date.now() + START_LIMIT_MS;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`${url}: the server ended by itself`);
    if (Date.now() > deadline) throw new Error(`${url} does not answer`);
    const answer = await fetch(url).catch(() => null);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function scores(reports) {
  const { date, commit } = surroundings({ version: 'none' });
  const rows = reports.flatMap(({ name, report: { results } }) =>
    ['rfc7591', 'rfc7592', 'mcp'].map((profile) => {
      const chosen = results.filter(({ profiles }) => profiles.includes(profile));
      return [name, profile, score(chosen, 'MUST'), score(chosen, 'SHOULD'), skipped(chosen)];
    }),
  );
  const unmet = reports.flatMap(({ name, report: { results } }) => [
    '',
    `### ${name}`,
    '',
    ...list(results, 'fail', 'MUST that is not met'),
    ...list(results, 'error', 'Could not be tested'),
    ...list(results, 'warning', 'SHOULD that is not met'),
    ...(results.every(({ verdict }) => verdict === 'pass' || verdict === 'skipped')
      ? ['Everything that applies is met.']
      : []),
  ]);
  return [
    `Run on ${date} UTC at commit \`${commit}\`, Node ${process.versions.node}.`,
    '',
    ...reports.map(({ name, about }) => `- **${name}**: ${about}.`),
    '',
    ...table([['Server', 'Profile', 'MUST met', 'SHOULD met', 'Not applicable'], ...rows]),
    ...unmet,
  ].join('\n');
}

function score(results, level) {
  const counted = results.filter((result) => result.level === level && result.verdict !== 'skipped');
  return `${counted.filter(({ verdict }) => verdict === 'pass').length} of ${counted.length}`;
}

function skipped(results) {
  return results.filter(({ verdict }) => verdict === 'skipped').length;
}

function list(results, verdict, heading) {
  const chosen = results.filter((result) => result.verdict === verdict);
  if (chosen.length === 0) return [];
  return [
    `${heading}:`,
    '',
    ...chosen.map(
      ({ id, title, reference, expected, found }) =>
        `- \`${id}\` (${reference}) ${title}. Expected: ${oneLine(expected ?? 'an answer')}. Found: ${oneLine(found)}.`,
    ),
    '',
  ];
}

function oneLine(text) {
  return text.split('\n')[0].replaceAll('|', '\\|');
}

function table([heading, ...rows]) {
  return [heading, heading.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
}
