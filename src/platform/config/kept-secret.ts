import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** A secret that the service made for itself in development. */
export interface KeptSecret {
  readonly value: string;
  /** Made by this call. */
  readonly created: boolean;
}

/**
 * Reads a secret from the data directory, or makes one there (256 random bits, base64url, readable only by its owner).
 * Two processes that make it at once end with the same one.
 *
 * @param directory created when missing
 * @param name of the file
 * @throws Error when the file is empty
 */
export function keepSecret(directory: string, name: string): KeptSecret {
  const file = path.join(directory, name);
  const present = read(file);
  if (present !== undefined) return { value: present, created: false };
  mkdirSync(directory, { recursive: true, mode: 0o711 });
  const value = randomBytes(32).toString('base64url');
  const prepared = `${file}.${randomBytes(8).toString('hex')}`;
  writeFileSync(prepared, `${value}\n`, { mode: 0o600, flag: 'wx' });
  try {
    // Unlike a rename, a link never replaces what another process wrote meanwhile.
    linkSync(prepared, file);
    return { value, created: true };
  } catch (error) {
    const winner = read(file);
    if (winner === undefined) throw error;
    return { value: winner, created: false };
  } finally {
    rmSync(prepared, { force: true });
  }
}

/**
 * Reads a secret that `keepSecret` made, without making one.
 *
 * @returns undefined when there is none
 */
export function findSecret(directory: string, name: string): string | undefined {
  return read(path.join(directory, name));
}

function read(file: string): string | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  if (text === '') throw new Error(`${file} is empty. Restore it, or delete it to have a new one made.`);
  return text;
}
