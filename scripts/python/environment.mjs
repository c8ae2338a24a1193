// Python environments for the checks that are written in Python: made once, outside the repository, from pinned packages.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const caches = process.env.XDG_CACHE_HOME || path.join(homedir(), '.cache');

/**
 * The interpreter of an environment with exactly the packages of a requirements file, made on first use. Two processes may
 * make it at once: the later one throws its own away.
 *
 * @param {string} requirements name of a file beside this one; every line has its hashes
 * @returns {string} path of the interpreter
 */
export function pythonWith(requirements) {
  const file = fileURLToPath(new URL(requirements, import.meta.url));
  const version = python(['-c', 'import sys; print(sys.version)']);
  const digest = createHash('sha256').update(readFileSync(file)).update(version).digest('hex').slice(0, 16);
  const folder = path.join(caches, 'clientele', 'python', digest);
  const interpreter = path.join(folder, 'bin', 'python');
  if (existsSync(interpreter)) return interpreter;

  console.log(`making a Python environment from scripts/python/${requirements} …`);
  const draft = `${folder}.${process.pid}`;
  mkdirSync(path.dirname(folder), { recursive: true });
  try {
    python(['-m', 'venv', draft]);
    run(
      path.join(draft, 'bin', 'python'),
      [
        ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-deps', '--require-hashes'],
        ['--only-binary', ':all:', '--requirement', file],
      ].flat(),
    );
    renameSync(draft, folder);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (!existsSync(interpreter)) throw error;
  }
  return interpreter;
}

function python(words) {
  return run(process.env.PYTHON || 'python3', words);
}

function run(program, words) {
  const { status, stdout, stderr, error } = spawnSync(program, words, { encoding: 'utf8' });
  if (error || status !== 0) {
    const why = error?.message ?? stderr.trim().split('\n').at(-1) ?? `it ended with ${status}`;
    throw new Error(
      `${program} ${words.slice(0, 2).join(' ')}: ${why}. ` +
        'Python 3.11 or later with venv and pip is needed (Debian: apt-get install python3-venv); PYTHON names another one.',
    );
  }
  return stdout;
}
