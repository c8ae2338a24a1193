import type { Command } from './command.js';
import type { Option } from './options.js';

/** Longest line of the help. */
const WIDTH = 100;

/** What a list of commands says of itself. */
export interface GroupHelp {
  /** Words before the command, e.g. `events`; empty for all. */
  readonly group: string;
  readonly commands: readonly Command[];
}

/** The text of `clientele --help` and of `clientele GROUP --help`. */
export function overview({ group, commands }: GroupHelp): string {
  const typed = group === '' ? 'clientele' : `clientele ${group}`;
  return [
    `Usage: ${typed} COMMAND [OPTION]...`,
    '',
    ...columns(commands.map(({ name, summary }) => [name, summary])),
    '',
    `clientele COMMAND --help tells what a command does, with examples.`,
    ...(group === '' ? ['clientele --version prints the version.'] : []),
  ].join('\n');
}

/** The text of `clientele COMMAND --help`. */
export function explain(command: Command): string {
  const options: [string, string][] = Object.entries(command.options).map(([name, option]) => [
    usageOf(name, option),
    `${option.help}${defaultOf(option)}`,
  ]);
  const exits: [string, string][] = [
    ['0', command.exits[0] ?? 'done'],
    ['1', command.exits[1] ?? 'it failed'],
    ['2', 'the options are wrong, or the environment is not complete'],
    ...(command.exits[3] === undefined ? [] : [['3', command.exits[3]] satisfies [string, string]]),
  ];
  return [
    `Usage: clientele ${command.name}${options.length > 0 ? ' [OPTION]...' : ''}`,
    '',
    ...command.description.split(/\n\s*\n/).flatMap((paragraph) => [...fold(paragraph, ''), '']),
    'Options:',
    ...columns([...options, ['--help', 'this text']]),
    '',
    'Examples:',
    ...command.examples.flatMap((example) => [`  ${example.command}`, ...fold(example.purpose, '      ')]),
    '',
    'Environment:',
    ...fold(
      command.environment.length > 0
        ? `${command.environment.join(', ')}; see the table of variables in README.md`
        : 'nothing',
      '  ',
    ),
    '',
    'Exit codes:',
    ...columns(exits),
  ].join('\n');
}

function usageOf(name: string, option: Option): string {
  if (option.kind === 'flag') return `--${name}`;
  return `--${name} ${option.kind === 'choice' ? option.choices.join('|') : option.value}`;
}

function defaultOf(option: Option): string {
  if (option.kind === 'texts') return '; may be given more than once';
  const value = 'default' in option ? option.default : undefined;
  return value === undefined ? '' : ` (${value} unless given)`;
}

/** Two columns, the second one broken to fit. */
function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length)) + 4;
  return rows.flatMap(([left, right]) => {
    const [first = '', ...others] = fold(right, ' '.repeat(width));
    return [`  ${left.padEnd(width - 2)}${first.trimStart()}`, ...others];
  });
}

/** Breaks text between words. */
function fold(text: string, indent: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.trim().split(/\s+/)) {
    if (line !== '' && indent.length + line.length + 1 + word.length > WIDTH) {
      lines.push(indent + line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, indent + line];
}
