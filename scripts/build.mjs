// Compiles src/ to dist/, unless dist/ is newer than everything it is made of: a restart should not wait for a compiler.
// Quiet unless something is wrong.
import { spawnSync } from 'node:child_process';
import { readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const compiler = fileURLToPath(new URL('../node_modules/typescript/bin/tsc', import.meta.url));
const stamp = path.join(root, 'dist', '.built');
const sources = ['src', 'tsconfig.json', 'tsconfig.build.json', 'package-lock.json', 'scripts/build.mjs'];

if (!isCurrent()) {
  rmSync(stamp, { force: true });
  const compiled = spawnSync(process.execPath, [compiler, '-p', 'tsconfig.build.json'], {
    cwd: root,
    stdio: 'inherit',
  });
  if (compiled.status === 0) writeFileSync(stamp, '');
  process.exitCode = compiled.status ?? 1;
}

function isCurrent() {
  const built = changedAt(stamp);
  return built > 0 && sources.every((source) => newest(path.join(root, source)) < built);
}

/** When anything below a path changed; folders count too, since they tell of files that are gone. */
function newest(file) {
  const entry = statSync(file);
  if (!entry.isDirectory()) return entry.mtimeMs;
  return Math.max(entry.mtimeMs, ...readdirSync(file).map((name) => newest(path.join(file, name))));
}

function changedAt(file) {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
