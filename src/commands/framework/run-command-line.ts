import { exitCodes, type Command, type CommandContext } from './command.js';
import { explain, overview } from './help.js';
import { nearest } from './nearest.js';
import { parseOptions } from './parse-options.js';
import { EnvironmentProblems, UsageError } from './usage-error.js';

export interface CommandLine {
  readonly commands: readonly Command[];
  readonly version: () => string;
}

interface Streams extends CommandContext {
  /** Writes a line to standard error. */
  readonly complain: (line: string) => void;
}

/**
 * Runs one command line to its end.
 *
 * @param args without the program
 * @returns the exit code; undefined when the process goes on
 */
export async function runCommandLine(
  { commands, version }: CommandLine,
  args: readonly string[],
  { complain, ...context }: Streams,
): Promise<number | undefined> {
  try {
    const asked = find(commands, args);
    if (asked === 'version') {
      context.output.print(version());
      return exitCodes.ok;
    }
    if ('group' in asked) {
      context.output.print(overview(asked));
      return exitCodes.ok;
    }
    const options = asked.help ? 'help' : parseOptions(asked.command, asked.args);
    if (options === 'help') {
      context.output.print(explain(asked.command));
      return exitCodes.ok;
    }
    return await asked.command.run(context, options);
  } catch (error) {
    if (context.signal.aborted) return exitCodes.interrupted;
    if (error instanceof UsageError) {
      complain(`${error.message}\n${error.help} tells more.`);
      return exitCodes.usage;
    }
    complain(error instanceof Error ? error.message || String(error) : String(error));
    return error instanceof EnvironmentProblems ? exitCodes.usage : exitCodes.failure;
  }
}

type Asked =
  | 'version'
  | { readonly group: string; readonly commands: readonly Command[] }
  | { readonly command: Command; readonly args: readonly string[]; readonly help: boolean };

/** The command that the leading words name. */
function find(commands: readonly Command[], args: readonly string[]): Asked {
  const help = args[0] === 'help' || args[0] === '--help' || args[0] === '-h';
  const rest = help ? args.slice(1) : args;
  if (rest[0] === '--version' || rest[0] === '-V') return 'version';
  const end = rest.findIndex((word) => word.startsWith('-'));
  const words = rest.slice(0, end < 0 ? undefined : end);
  for (let length = words.length; length > 0; length -= 1) {
    const name = words.slice(0, length).join(' ');
    const command = commands.find((each) => each.name === name);
    if (command) return { command, args: rest.slice(length), help };
  }
  const typed = words.join(' ');
  const group = commands.filter((command) => typed === '' || command.name.startsWith(`${typed} `));
  const first = rest[words.length];
  if (group.length > 0 && (first === undefined || first === '--help' || first === '-h'))
    return { group: typed, commands: group };
  if (group.length > 0) throw new UsageError(`${first} needs a command before it.`, 'clientele --help');
  const near = nearest(
    typed,
    commands.map((command) => command.name),
  );
  const hint = near === undefined ? '' : ` Did you mean clientele ${near}?`;
  throw new UsageError(`There is no command ${JSON.stringify(typed)}.${hint}`, 'clientele --help');
}
