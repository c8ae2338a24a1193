// npm run bench: Clientele and its peers, side by side.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const here = fileURLToPath(new URL('.', import.meta.url));

prepare('the peers', !existsSync(`${here}node_modules`), 'npm', ['ci', '--ignore-scripts'], here);
prepare('Clientele', true, process.execPath, ['scripts/build.mjs'], root);

// Only now: these import what was just prepared.
const { HELP, readOptions } = await import('./options.mjs');
const { bench } = await import('./bench.mjs');

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(130));

let options;
try {
  options = readOptions(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exit(2);
}
if (options.help) process.stdout.write(HELP);
else {
  try {
    await bench(options);
  } catch (error) {
    process.stderr.write(`The run failed, nothing was recorded. ${error.message}\n`);
    process.exitCode = 1;
  }
}

/** @param {boolean} needed */
function prepare(what, needed, command, args, cwd) {
  if (!needed) return;
  const { status } = spawnSync(command, args, { cwd, stdio: ['ignore', 'ignore', 'inherit'] });
  if (status === 0) return;
  process.stderr.write(`preparing ${what} failed: ${command} ${args.join(' ')}\n`);
  process.exit(1);
}
