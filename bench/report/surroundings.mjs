// Under which circumstances a run took place.
import { spawnSync } from 'node:child_process';
import { availableParallelism, cpus, loadavg, release, totalmem } from 'node:os';

/** @param {{version: string}} cluster */
export function surroundings({ version }) {
  return {
    date: new Date().toISOString().slice(0, 16).replace('T', ' '),
    commit: describeCommit(),
    machine: `${cpus()[0]?.model.trim()}, ${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Linux ${release()}`,
    software: `Node ${process.versions.node}, PostgreSQL ${version} with fsync on`,
    loadBefore: loadavg()[0],
  };
}

function describeCommit() {
  const commit = git('rev-parse', '--short=10', 'HEAD');
  if (commit === '') return 'unknown commit';
  return git('status', '--porcelain', '--untracked-files=no') === '' ? commit : `${commit} + changes`;
}

function git(...args) {
  return spawnSync('git', args, { encoding: 'utf8' }).stdout?.trim() ?? '';
}
