import { parseArgs, type ParseArgsConfig } from 'node:util';
import type { Command } from './command.js';
import { nearest } from './nearest.js';
import type { Option } from './options.js';
import { UsageError } from './usage-error.js';

type Values = Readonly<Record<string, boolean | number | string | readonly string[] | undefined>>;

/**
 * Reads a command's arguments.
 *
 * @param args what follows the command's name
 * @returns a value for every option, or `help` when that is what was asked for
 * @throws UsageError for anything the command does not know
 */
export function parseOptions(command: Command, args: readonly string[]): Values | 'help' {
  const help = `clientele ${command.name} --help`;
  const { tokens } = parseArgs({ args: [...args], options: {}, strict: false, tokens: true });
  const names = Object.keys(command.options);
  if (tokens.some((token) => token.kind === 'option' && ['--help', '-h'].includes(token.rawName)))
    return 'help';
  for (const token of tokens) {
    if (token.kind !== 'option' || (token.rawName === `--${token.name}` && names.includes(token.name)))
      continue;
    const near = nearest(token.name, names);
    const hint = near === undefined ? '' : ` Did you mean --${near}?`;
    throw new UsageError(`There is no option ${token.rawName} for clientele ${command.name}.${hint}`, help);
  }
  let parsed: ReturnType<typeof parseArgs>;
  try {
    parsed = parseArgs({
      args: [...args],
      options: configurationOf(command),
      strict: true,
      allowPositionals: true,
    });
  } catch (error) {
    throw new UsageError(`${(error as Error).message}.`, help);
  }
  if (parsed.positionals.length > 0) {
    throw new UsageError(
      `clientele ${command.name} takes options only, not ${JSON.stringify(parsed.positionals[0])}.`,
      help,
    );
  }
  return Object.fromEntries(
    Object.entries(command.options).map(([name, option]) => {
      const value = valueOf(option, parsed.values[name] as string | boolean | string[] | undefined);
      if (value instanceof Error) throw new UsageError(`--${name} ${value.message}`, help);
      return [name, value];
    }),
  );
}

function configurationOf(command: Command): NonNullable<ParseArgsConfig['options']> {
  return Object.fromEntries(
    Object.entries(command.options).map(([name, { kind }]) => [
      name,
      { type: kind === 'flag' ? 'boolean' : 'string', multiple: kind === 'texts' },
    ]),
  );
}

function valueOf(option: Option, given: string | boolean | string[] | undefined): Values[string] | Error {
  switch (option.kind) {
    case 'flag':
      return given === true;
    case 'texts':
      return given ?? [];
    case 'text':
      return given === '' ? new Error('must not be empty.') : (given ?? option.default);
    case 'count':
      return given === undefined ? option.default : wholeNumber(given as string);
    case 'choice':
      return given === undefined || option.choices.includes(given as string)
        ? (given ?? option.default)
        : new Error(`must be ${option.choices.join(' or ')}, not ${JSON.stringify(given)}.`);
  }
}

function wholeNumber(text: string): number | Error {
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(number)
    ? number
    : new Error(`must be a whole number, not ${JSON.stringify(text)}.`);
}
