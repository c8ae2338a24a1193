import { describe, expect, it } from 'vitest';
import { commands } from './all-commands.js';
import { explain, overview } from './framework/help.js';
import { createOutput } from './framework/output.js';
import { runCommandLine } from './framework/run-command-line.js';

/** Runs a command line that needs no database, and keeps what it wrote. */
async function typed(...args: string[]): Promise<{ code: number | undefined; out: string; err: string }> {
  let out = '';
  let err = '';
  const output = createOutput({ write: (text) => (out += text) }, { write: (text) => (err += text) }, false);
  const code = await runCommandLine({ commands, version: () => '1.2.3' }, args, {
    environment: { NODE_ENV: 'production' },
    output,
    signal: new AbortController().signal,
    complain: (line) => (err += `${line}\n`),
  });
  return { code, out, err };
}

describe('the command line', () => {
  it('lists every command when it is given nothing, or asked for help', async () => {
    const text = `${overview({ group: '', commands })}\n`;
    for (const args of [[], ['--help'], ['help'], ['-h']]) {
      expect(await typed(...args)).toEqual({ code: 0, out: text, err: '' });
    }
    for (const { name } of commands) expect(text).toContain(`  ${name}  `);
  });

  it('explains a command in each way of asking', async () => {
    for (const args of [
      ['migrate', '--help'],
      ['help', 'migrate'],
      ['--help', 'migrate'],
      ['migrate', '--dry-run', '-h'],
    ]) {
      expect((await typed(...args)).out).toMatch(/^Usage: clientele migrate \[OPTION\]\.\.\.\n/);
    }
  });

  it('lists a group', async () => {
    const { code, out } = await typed('directory');
    expect([code, out]).toEqual([0, expect.stringContaining('directory rebuild')]);
    expect(out).not.toContain('migrate');
  });

  it('prints the version', async () => {
    expect(await typed('--version')).toEqual({ code: 0, out: '1.2.3\n', err: '' });
  });

  it.each([
    [['migrat'], /no command "migrat"\. Did you mean clientele migrate\?/],
    [['directory', 'chek'], /Did you mean clientele directory check\?/],
    [['nothing-like-it'], /no command "nothing-like-it"\.\n/],
    [['--json'], /--json needs a command/],
    [['migrate', '--dry'], /no option --dry/],
  ])('%j ends with code 2 and where to look', async (args, message) => {
    const { code, out, err } = await typed(...args);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(message);
    expect(err).toMatch(/--help tells more\.\n$/);
  });

  it('names the variables that are missing, and only those that the command needs', async () => {
    const { code, err } = await typed('migrate');
    expect(code).toBe(2);
    expect(err).toMatch(/^DATABASE_URL \(or DATABASE_URL_FILE\) is missing/);
    expect(err).not.toMatch(/MASTER_KEY|ADMIN_TOKEN|PUBLIC_URL/);
  });
});

describe.each(commands.map((command) => [command.name, command] as const))('the help of %s', (_, command) => {
  it('has an example that begins with the program, and fits a terminal', () => {
    expect(command.examples.length).toBeGreaterThan(0);
    for (const example of command.examples) expect(example.command).toContain(`clientele ${command.name}`);
    for (const line of explain(command).split('\n')) expect(line.length).toBeLessThanOrEqual(100);
  });
});
