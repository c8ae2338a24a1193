import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLogger } from '../platform/telemetry/logger.js';
import { consoleLines } from './console-lines.js';
import { redirectLibraryWarnings } from './library-warnings.js';

describe('a log line in development', () => {
  function written(log: (logger: ReturnType<typeof createLogger>) => void): string {
    let text = '';
    log(
      createLogger(
        'debug',
        consoleLines((line) => (text += line), false),
      ),
    );
    return text;
  }

  it('is for a person', () => {
    expect(written((logger) => logger.warn({ context: 'Relay', lag: 3, topic: 'a' }, 'behind'))).toMatch(
      /^\d\d:\d\d:\d\d warn {2}Relay: behind {2}lag=3 {2}topic=a\n$/,
    );
  });

  it('has the stack of an error below', () => {
    expect(written((logger) => logger.error({ err: new Error('boom') }, 'failed'))).toMatch(
      /failed\nError: boom\n +at /,
    );
  });
});

describe('what libraries say', () => {
  const listeners = process.listeners('warning');
  const printed: unknown[][] = [];
  let lines: string[];
  const original = { info: console.info, warn: console.warn };

  beforeEach(() => {
    lines = [];
    printed.length = 0;
    console.info = (...values: unknown[]) => void printed.push(values);
    console.warn = (...values: unknown[]) => void printed.push(values);
    redirectLibraryWarnings(createLogger('info', { write: (line) => void lines.push(line) }));
  });

  afterEach(() => {
    Object.assign(console, original);
    process.removeAllListeners('warning');
    for (const listener of listeners) process.on('warning', listener);
  });

  it('is not printed when it comes from oidc-provider', () => {
    console.warn('\u001B[31;1moidc-provider WARNING: Unsupported runtime.\u001B[0m');
    console.info('oidc-provider NOTICE: something');
    expect(printed).toEqual([]);
    expect(lines).toEqual([]);
  });

  it('is printed as before when it comes from others', () => {
    console.warn('mind the gap', 1);
    expect(printed).toEqual([['mind the gap', 1]]);
  });

  it('goes to the log when it is a warning from Node that matters, and nowhere when it does not', async () => {
    process.emitWarning('an API is old', 'DeprecationWarning');
    process.emitWarning('11 listeners added', 'MaxListenersExceededWarning');
    await vi.waitFor(() => expect(lines.join('')).toContain('11 listeners added'));
    expect(lines).toHaveLength(1);
  });
});
