import type { VariableName } from '../../platform/config/configuration-table.js';
import type { OptionTable, OptionValues } from './options.js';
import type { Output } from './output.js';

/** Exit codes that scripts may rely on. */
export const exitCodes = {
  ok: 0,
  /** The command found something, or failed. */
  failure: 1,
  /** It was called wrongly, or the environment is not complete. */
  usage: 2,
  /** Ctrl-C or SIGTERM. */
  interrupted: 130,
} as const;

/** What a command may use. */
export interface CommandContext {
  readonly environment: NodeJS.ProcessEnv;
  readonly output: Output;
  /** Aborted when the command should end: a signal came, or nobody reads its output any more. */
  readonly signal: AbortSignal;
}

export interface Example {
  readonly command: string;
  /** What it is for, part of a sentence. */
  readonly purpose: string;
}

/** A command as data: its help, its place in the documentation and its arguments all come from here. */
export interface CommandDefinition<Table extends OptionTable> {
  /** As it is typed after `clientele`, e.g. `directory rebuild`. */
  readonly name: string;
  /** One line, part of a sentence. */
  readonly summary: string;
  /** Paragraphs for `--help`, separated by an empty line; broken to fit. */
  readonly description: string;
  readonly options: Table;
  readonly examples: readonly Example[];
  /** The variables it reads. */
  readonly environment: readonly VariableName[];
  /** What the codes beside 2 mean here. */
  readonly exits: Readonly<Partial<Record<0 | 1 | 3, string>>>;
  /** @returns the exit code; undefined leaves the process to live on, as a server does */
  run(context: CommandContext, options: OptionValues<Table>): Promise<number | undefined>;
}

/** A command whose options are checked already. */
export type Command = CommandDefinition<OptionTable>;

/** Checks a command's options against its `run`, then forgets their types. */
export function defineCommand<const Table extends OptionTable>(
  definition: CommandDefinition<Table>,
): Command {
  return definition;
}
