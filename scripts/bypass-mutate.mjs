// Makes each mistake of test/policy/bypasses.json once, those by which policies of other servers were bypassed, and sees
// whether the tests notice.
//
//   node scripts/bypass-mutate.mjs [--only P4]
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const COPIED = [
  'src',
  'test',
  'policies',
  'scripts',
  'examples',
  'package.json',
  'tsconfig.json',
  'vitest.config.ts',
];

const { values } = parseArgs({ options: { only: { type: 'string' } } });
const all = JSON.parse(readFileSync(path.join(ROOT, 'test/policy/bypasses.json'), 'utf8'));
const bypasses = all.filter(({ threat }) => values.only === undefined || threat === values.only);

const folder = mkdtempSync(path.join(tmpdir(), 'bypasses-'));
let unnoticed = 0;
try {
  for (const name of COPIED) cpSync(path.join(ROOT, name), path.join(folder, name), { recursive: true });
  symlinkSync(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules'));
  for (const bypass of bypasses) {
    for (const tests of bypass.tests) judge(bypass, tests);
  }
} finally {
  rmSync(folder, { recursive: true });
}
if (unnoticed > 0) process.exitCode = 1;

function judge({ threat, mistake, file, from, to, bundle }, tests) {
  const changed = [file, ...(bundle ? ['policies/bundle/admission.tar.gz'] : [])];
  const source = readFileSync(path.join(ROOT, file), 'utf8');
  if (source.split(from).length !== 2)
    throw new Error(`${threat}: ${file} does not hold exactly once: ${from}`);
  writeFileSync(
    path.join(folder, file),
    source.replace(from, () => to),
  );
  if (bundle && run('node', ['scripts/policy-build.mjs']).status !== 0)
    throw new Error(`${threat} does not build`);
  const [project, spec] = tests.split(' ');
  const { status, stdout } = run('npx', ['vitest', 'run', '--project', project, spec]);
  const failed = /Tests .*?(\d+) failed/.exec(stdout)?.[1];
  // A file that does not load fails as well, and shows nothing.
  const noticed = status !== 0 && failed !== undefined;
  if (!noticed) unnoticed += 1;
  console.log(
    `${threat.padEnd(4)} ${noticed ? `noticed, ${failed} failed` : 'NOT NOTICED'}  ${mistake}  (${spec})`,
  );
  for (const name of changed) cpSync(path.join(ROOT, name), path.join(folder, name));
}

function run(command, parameters) {
  const env = { ...process.env, NO_COLOR: '1' };
  return spawnSync(command, parameters, { cwd: folder, env, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
}
