import { describe, expect, it } from 'vitest';
import type { Logger } from 'pino';
import { createLogger } from './logger.js';
import { NestLogger } from './nest-logger.js';

function recording(level: 'info' | 'debug' = 'info'): {
  logger: Logger;
  lines: string[];
  last: () => unknown;
} {
  const lines: string[] = [];
  const logger = createLogger(level, { write: (line) => void lines.push(line) });
  return { logger, lines, last: () => JSON.parse(lines.at(-1) ?? 'null') as unknown };
}

describe('a log line', () => {
  it('has a time, a named level and what was given', () => {
    const { logger, last } = recording();
    logger.child({ correlation_id: 'abc' }).warn({ count: 3 }, 'three things');
    expect(last()).toEqual({
      level: 'warn',
      time: expect.stringMatching(/^\d{4}-.*Z$/),
      correlation_id: 'abc',
      count: 3,
      msg: 'three things',
    });
  });

  it.each([
    'authorization',
    'Cookie',
    'set-cookie',
    'client_secret',
    'registration_access_token',
    'refresh_token',
    'adminToken',
    'password',
    'client_assertion',
    'code_verifier',
  ])('has no value of %s at any depth', (name) => {
    const { logger, lines, last } = recording();
    logger.info({ headers: [{ [name]: 'hunter2' }], [name]: ['hunter2'] }, 'request');
    expect(lines.join('')).not.toContain('hunter2');
    expect(last()).toMatchObject({ headers: [{ [name]: '[redacted]' }], [name]: '[redacted]' });
  });

  it('has no credential that stands in a text', () => {
    const { logger, lines } = recording();
    const secret = 'x'.repeat(43);
    logger.info(`got cs_${secret} and Bearer ${secret} for postgres://me:${secret}@host/db`);
    logger.error(new Error(`rat_${secret} and iat_${secret}`));
    expect(lines.join('')).not.toContain(secret);
    expect(lines[0]).toContain('postgres://me:[redacted]@host/db');
  });

  it('tells an error with its code, and not what secret it carries', () => {
    const { logger, lines, last } = recording();
    const error = Object.assign(new Error('refused'), {
      code: 'ECONNREFUSED',
      config: { password: 'hunter2' },
    });
    logger.error({ err: error }, 'no connection');
    expect(last()).toMatchObject({
      err: { message: 'refused', code: 'ECONNREFUSED', stack: expect.any(String) },
    });
    expect(lines.join('')).not.toContain('hunter2');
  });

  it('survives a record that contains itself', () => {
    const { logger, last } = recording();
    const record: Record<string, unknown> = { name: 'loop' };
    record['self'] = record;
    logger.info(record, 'loop');
    expect(last()).toMatchObject({ msg: 'loop', name: 'loop' });
  });
});

describe("Nest's logger", () => {
  it('passes context and stack on', () => {
    const { logger, last } = recording();
    new NestLogger(logger).error('it broke', 'Error: it broke\n  at x', 'Relay');
    expect(last()).toMatchObject({
      level: 'error',
      msg: 'it broke',
      context: 'Relay',
      stack: expect.any(String),
    });
  });

  it("keeps Nest's narration of its start for debugging", () => {
    const quiet = recording('info');
    new NestLogger(quiet.logger).log('Mapped {/x, GET} route', 'RouterExplorer');
    expect(quiet.lines).toEqual([]);
    const verbose = recording('debug');
    new NestLogger(verbose.logger).log('Mapped {/x, GET} route', 'RouterExplorer');
    expect(verbose.last()).toMatchObject({ level: 'debug' });
  });

  it('logs an error object as one', () => {
    const { logger, last } = recording();
    new NestLogger(logger).warn(new Error('odd'), 'Here');
    expect(last()).toMatchObject({ level: 'warn', context: 'Here', err: { message: 'odd' } });
  });
});
