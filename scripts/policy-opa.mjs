// Finds the pinned OPA and runs it; what the policy scripts share.
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Another version may plan the same policy into other WebAssembly, and the bundle must come out the same everywhere. */
export const OPA_VERSION = '1.22.2';

export const POLICIES = fileURLToPath(new URL('../policies', import.meta.url));

/** What lies beside the policy and is no part of it. */
export const BESIDE_THE_POLICY = ['cases', 'schemas', 'bundle', 'capabilities.json'];

/**
 * Runs `opa` and returns its standard output.
 *
 * @param {string[]} args
 * @param {string} directory working directory; paths relative to it are all that ends up in what OPA writes
 */
export function opa(args, directory) {
  const result = spawnSync(pinnedOpa(), args, {
    cwd: directory,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (result.error) fail(`opa could not be run: ${result.error.message}`);
  if (result.status !== 0) fail(`opa ${args[0]} failed:\n${result.stderr}${result.stdout}`.trimEnd());
  return result.stdout;
}

/** Prints one sentence and ends the process with status 1. */
export function fail(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}

let found;

/** @returns {string} where the pinned version is; ends the process with a sentence when it is nowhere */
export function pinnedOpa() {
  found ??= findOpa();
  return found;
}

function findOpa() {
  const install = `install it with: go install github.com/open-policy-agent/opa@v${OPA_VERSION}`;
  const folders = [...(process.env.PATH ?? '').split(delimiter), join(goPath(), 'bin')];
  const path = folders.map((folder) => join(folder || '.', 'opa')).find(executable);
  if (path === undefined) fail(`opa ${OPA_VERSION} was found neither on PATH nor in GOPATH/bin; ${install}`);
  const version = /^Version: (\S+)$/m.exec(
    spawnSync(path, ['version'], { encoding: 'utf8' }).stdout ?? '',
  )?.[1];
  if (version !== OPA_VERSION)
    fail(`opa ${OPA_VERSION} is needed, but ${path} is ${version ?? 'unknown'}; ${install}`);
  return path;
}

function goPath() {
  const asked = spawnSync('go', ['env', 'GOPATH'], { encoding: 'utf8' });
  return process.env.GOPATH || asked.stdout?.trim() || join(homedir(), 'go');
}

function executable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
