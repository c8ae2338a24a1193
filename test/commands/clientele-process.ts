import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Finished {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A `clientele` command line as a process of its own. */
export interface ClienteleProcess {
  readonly child: ChildProcess;
  /** What it has written to its standard output so far. */
  readonly out: () => string;
  /** Settles when standard output matches. */
  untilOut(pattern: RegExp): Promise<void>;
  readonly finished: Promise<Finished>;
}

/**
 * Starts `dist/cli.js`, which `buildService` made, with nothing of this environment but PATH.
 *
 * @param environment e.g. `DATABASE_URL`
 */
export function startClientele(
  args: readonly string[],
  environment: Record<string, string>,
): ClienteleProcess {
  const child = spawn(process.execPath, ['dist/cli.js', ...args], {
    cwd: root,
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  const listeners = new Set<() => void>();
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
    for (const listener of listeners) listener();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  const finished = once(child, 'close').then(([code]) => ({ code: code as number | null, out, err }));
  return {
    child,
    out: () => out,
    finished,
    untilOut: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (pattern.test(out)) resolve();
        };
        listeners.add(look);
        look();
        void finished.then(() =>
          reject(new Error(`it ended before it wrote ${String(pattern)}:\n${out}${err}`)),
        );
      }),
  };
}

/** Runs a command line to its end. */
export function clientele(args: readonly string[], environment: Record<string, string>): Promise<Finished> {
  return startClientele(args, environment).finished;
}
