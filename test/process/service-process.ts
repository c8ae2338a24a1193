import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The built service as a process of its own. */
export interface ServiceProcess {
  readonly child: ChildProcess;
  /** Everything it has written to its standard output and error. */
  readonly output: () => string;
  /** Settles with the exit code and the signal that ended it. */
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /**
   * Settles when it serves: with the issuer that the banner tells, or in production with the address it listens on;
   * rejects when the process ends before.
   */
  readonly started: Promise<string>;
}

/** Compiles src/ to dist/; what is up to date is not compiled again. */
export function buildService(): void {
  spawnSync(process.execPath, ['scripts/build.mjs'], { cwd: root });
}

/**
 * Starts `dist/main.js` on a free port with nothing of this environment but PATH.
 *
 * @param environment e.g. `DATA_DIR`
 */
export function startService(environment: Record<string, string>): ServiceProcess {
  const child = spawn(process.execPath, ['dist/main.js'], {
    cwd: root,
    env: { PATH: process.env['PATH'], PORT: '0', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const ended = once(child, 'close').then(([code, signal]) => ({
    code: code as number | null,
    signal: signal as NodeJS.Signals | null,
  }));
  const started = new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        const issuer = /Issuer +(\S+)/.exec(output)?.[1];
        if (issuer !== undefined && output.includes('Ctrl-C')) resolve(issuer);
        const port = /"port":(\d+).*"msg":"started"/.exec(output)?.[1];
        if (port !== undefined) resolve(`http://127.0.0.1:${port}`);
      });
    }
    void ended.then(() => reject(new Error(`it ended before it had started:\n${output}`)));
  });
  started.catch(() => undefined);
  return { child, ended, started, output: () => output };
}
