import type { DatabaseSettings } from '../platform/config/configuration.js';

/** What a command of the command line may use. */
export interface CommandContext {
  readonly configuration: DatabaseSettings;
  /** Writes a line of the result. */
  readonly print: (line: string) => void;
  /** Writes what the command is doing; not part of the result. */
  readonly progress: (line: string) => void;
}

/** A command of the command line. */
export interface ClienteleCommand {
  /** As it is typed, e.g. `directory rebuild`. */
  readonly name: string;
  readonly summary: string;
  /** A paragraph for `--help`. */
  readonly description: string;
  /** @returns the exit code */
  run(context: CommandContext): Promise<number>;
}
