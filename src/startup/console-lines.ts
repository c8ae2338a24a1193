import type { DestinationStream } from 'pino';

interface LogRecord {
  readonly time: string;
  readonly level: string;
  readonly msg?: string;
  readonly context?: string;
  readonly err?: { readonly message?: string; readonly stack?: string };
}

const colours: Readonly<Record<string, number>> = {
  fatal: 31,
  error: 31,
  warn: 33,
  info: 36,
  debug: 90,
  trace: 90,
};
const shownElsewhere = new Set(['time', 'level', 'msg', 'context', 'err', 'stack']);

/**
 * Turns JSON log lines into lines for a person: time, level, message, the other members, an error's stack below.
 *
 * @param write receives each finished line with its line break
 */
export function consoleLines(write: (text: string) => void, colour: boolean): DestinationStream {
  return {
    write(line: string): void {
      const record = JSON.parse(line) as LogRecord;
      const level = record.level.padEnd(5);
      const painted = colour ? `\u001B[${colours[record.level] ?? 0}m${level}\u001B[0m` : level;
      const members = Object.entries(record)
        .filter(([name]) => !shownElsewhere.has(name))
        .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
      const message = record.msg ?? record.err?.message ?? '';
      const where = record.context === undefined ? '' : `${record.context}: `;
      const stack = record.err?.stack === undefined ? '' : `\n${record.err.stack}`;
      write(
        `${record.time.slice(11, 19)} ${painted} ${[`${where}${message}`, ...members].join('  ')}${stack}\n`,
      );
    },
  };
}
