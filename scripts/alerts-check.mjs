// Checks the alerts with promtool: their syntax, and that each fires when alerts.test.yml says and not otherwise.
// Builds promtool with Go when it is not on the PATH, which takes some minutes once.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const VERSION = 'v0.316.0';
/** promtool needs no service discovery: without it there is half as much to compile. */
const BUILD = [
  'install',
  '-tags',
  'remove_all_sd',
  `github.com/prometheus/prometheus/cmd/promtool@${VERSION}`,
];
const rules = fileURLToPath(new URL('../deploy/prometheus/', import.meta.url));

const promtool = onPath() ?? built();
if (promtool === undefined) {
  process.stderr.write('promtool is missing and cannot be built: install it, or Go 1.26 or later\n');
  process.exitCode = 1;
} else {
  const steps = [
    ['check', 'rules', '--lint=all', '--lint-fatal', 'alerts.yml'],
    ['test', 'rules', 'alerts.test.yml'],
  ];
  const failed = steps.find(
    (step) => spawnSync(promtool, step, { cwd: rules, stdio: 'inherit' }).status !== 0,
  );
  process.exitCode = failed ? 1 : 0;
}

function onPath() {
  return spawnSync('promtool', ['--version']).status === 0 ? 'promtool' : undefined;
}

/** What an earlier call built, or this one builds. */
function built() {
  const folder = spawnSync('go', ['env', 'GOPATH'], { encoding: 'utf8' }).stdout?.trim();
  if (!folder) return undefined;
  const file = path.join(folder, 'bin', 'promtool');
  if (existsSync(file)) return file;
  process.stdout.write(`building promtool ${VERSION}, once\n`);
  const build = spawnSync('go', BUILD, { stdio: ['ignore', 'inherit', 'inherit'] });
  return build.status === 0 && existsSync(file) ? file : undefined;
}
