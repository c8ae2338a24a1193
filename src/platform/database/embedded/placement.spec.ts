import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isReachable, placeCluster } from './placement.js';

const stranger = { uid: 54_321, gid: 54_321 };
let root: string;

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'clientele-placement-'));
  chmodSync(root, 0o755);
});

afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

function folder(name: string, mode: number): string {
  const directory = path.join(root, name);
  mkdirSync(directory);
  chmodSync(directory, mode);
  return directory;
}

function installation(name: string, mode: number) {
  const directory = folder(name, 0o700);
  mkdirSync(path.join(directory, 'bin'));
  writeFileSync(path.join(directory, 'bin', 'postgres'), 'program');
  chmodSync(path.join(directory, 'bin', 'postgres'), 0o700);
  chmodSync(directory, mode);
  return { directory, version: '1.2.3' };
}

describe('a folder', () => {
  it('is reachable when every folder on the way lets strangers through', () => {
    expect(isReachable(folder('open', 0o711), stranger)).toBe(true);
  });

  it('is not reachable below a closed one', () => {
    const closed = folder('closed', 0o700);
    mkdirSync(path.join(closed, 'inside'), { mode: 0o755 });
    expect(isReachable(path.join(closed, 'inside'), stranger)).toBe(false);
  });

  it('is reachable for its owner', () => {
    const own = folder('own', 0o700);
    expect(isReachable(own, { uid: statSync(own).uid, gid: 0 })).toBe(true);
  });
});

describe('a cluster', () => {
  it('lies in the data directory when we run the server ourselves', () => {
    const data = folder('data', 0o700);
    const postgres = installation('postgresql', 0o700);
    expect(placeCluster(data, postgres, undefined, root)).toEqual({
      directory: path.join(data, 'postgres'),
      installation: postgres.directory,
    });
  });

  it('lies in the data directory when the server reaches it', () => {
    const data = folder('data', 0o711);
    expect(placeCluster(data, installation('postgresql', 0o755), stranger, root).directory).toBe(
      path.join(data, 'postgres'),
    );
  });

  it('runs on a readable copy of an installation that the server cannot reach', () => {
    const data = folder('data', 0o711);
    const closed = installation('postgresql', 0o700);
    const { installation: copy } = placeCluster(data, closed, stranger, path.join(root, 'base'));
    expect(copy).toBe(path.join(root, 'base', 'postgresql-1.2.3'));
    expect(isReachable(path.join(copy, 'bin'), stranger)).toBe(true);
    expect(statSync(path.join(copy, 'bin', 'postgres')).mode & 0o777).toBe(0o755);
    expect(placeCluster(data, closed, stranger, path.join(root, 'base')).installation).toBe(copy);
  });
});

// Only root may give folders to another account, and only root has to.
describe.runIf(process.getuid?.() === 0)('a data directory that the server cannot reach', () => {
  it('gets a link to a place that it can, the same one every time', () => {
    const data = folder('data', 0o700);
    const postgres = installation('postgresql', 0o755);
    const { directory } = placeCluster(data, postgres, stranger, path.join(root, 'base'));
    mkdirSync(directory);
    expect(lstatSync(path.join(data, 'postgres')).isSymbolicLink()).toBe(true);
    expect(isReachable(path.dirname(directory), stranger)).toBe(true);
    expect(placeCluster(data, postgres, stranger, path.join(root, 'base')).directory).toBe(directory);
    expect(existsSync(directory)).toBe(true);
  });

  it('begins anew when it was deleted', () => {
    const data = folder('data', 0o700);
    const postgres = installation('postgresql', 0o755);
    const { directory } = placeCluster(data, postgres, stranger, path.join(root, 'base'));
    mkdirSync(directory);
    rmSync(data, { recursive: true });
    folder('data', 0o700);
    placeCluster(data, postgres, stranger, path.join(root, 'base'));
    expect(existsSync(directory)).toBe(false);
  });
});
