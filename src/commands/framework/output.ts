/** Paints text, or leaves it where colours are not wanted. */
export interface Paint {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  yellow(text: string): string;
  green(text: string): string;
}

/** Where a command writes. Results go to standard output, everything else to standard error. */
export interface Output {
  /** Whether standard output is a terminal, and so is read by a person. */
  readonly interactive: boolean;
  /** For standard output. */
  readonly paint: Paint;
  /** Writes a line of the result. */
  print(line: string): void;
  /** Writes a piece of the result and settles when there is room for more. */
  write(text: string): Promise<void>;
  /**
   * Says how far the command is: a line that the next one replaces on a terminal, elsewhere a line of its own, though
   * not more than one a second.
   */
  progress(line: string): void;
  /** Says something that stays, beside the result. */
  note(line: string): void;
}

interface Stream {
  readonly isTTY?: boolean;
  write(text: string, done?: () => void): unknown;
}

/** Milliseconds between two lines of progress that stay. */
const PROGRESS_INTERVAL_MS = 1_000;

/**
 * An output on two streams.
 *
 * @param clock milliseconds, monotonic
 */
export function createOutput(
  stdout: Stream,
  stderr: Stream,
  colour: boolean,
  clock: () => number = () => performance.now(),
): Output & { finish(): void } {
  let unfinished = false;
  let quietUntil = -Infinity;
  /** A progress line on a terminal is wiped before anything else is written. */
  const wipe = (): void => {
    if (unfinished) stderr.write('\r\u001B[K');
    unfinished = false;
  };
  return {
    interactive: stdout.isTTY === true,
    paint: createPaint(colour),
    print(line) {
      wipe();
      stdout.write(`${line}\n`);
    },
    write(text) {
      wipe();
      return new Promise((resolve) => stdout.write(text, () => resolve()));
    },
    progress(line) {
      if (stderr.isTTY === true) {
        wipe();
        unfinished = true;
        stderr.write(line);
      } else if (clock() >= quietUntil) {
        quietUntil = clock() + PROGRESS_INTERVAL_MS;
        stderr.write(`${line}\n`);
      }
    },
    note(line) {
      wipe();
      stderr.write(`${line}\n`);
    },
    finish: wipe,
  };
}

/** Paints with the terminal's own colours. */
export function createPaint(colour: boolean): Paint {
  const painter = (code: number) => (text: string) => (colour ? `\u001B[${code}m${text}\u001B[0m` : text);
  return { bold: painter(1), dim: painter(2), red: painter(31), yellow: painter(33), green: painter(32) };
}
