import { stripVTControlCharacters } from 'node:util';
import type { Logger } from 'pino';

/** Node says these about the version it is, or about APIs that libraries use: nothing an operator could act on. */
const unimportant = new Set(['DeprecationWarning', 'ExperimentalWarning']);
const LIBRARY_NOTICE = /oidc-provider (NOTICE|WARNING): (.*)/s;

/**
 * Sends what Node and libraries would print to the terminal through the log instead: oidc-provider writes its notices
 * ("Unsupported runtime" on Node 20, for one) to the console when it is imported. Everything else that is written to the
 * console still arrives there.
 */
export function redirectLibraryWarnings(logger: Logger): void {
  process.removeAllListeners('warning');
  process.on('warning', (warning) => {
    logger[unimportant.has(warning.name) ? 'debug' : 'warn']({ err: warning }, 'warning from Node');
  });
  for (const method of ['info', 'warn'] as const) {
    const original = console[method].bind(console);
    console[method] = (...values: unknown[]): void => {
      const notice = typeof values[0] === 'string' ? LIBRARY_NOTICE.exec(values[0]) : null;
      if (notice) logger.debug({ library: 'oidc-provider' }, stripVTControlCharacters(notice[2] ?? ''));
      else original(...values);
    };
  }
}
