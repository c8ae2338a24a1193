import type { Problem } from '../../platform/config/configuration-rules.js';

/** The command line was not understood: printed with where to find help, exit code 2. */
export class UsageError extends Error {
  /** @param help what to type for help, e.g. `clientele events tail --help` */
  constructor(
    message: string,
    readonly help: string,
  ) {
    super(message);
    this.name = 'UsageError';
  }
}

/** The environment lacks something that the command needs: every problem is printed, exit code 2. */
export class EnvironmentProblems extends Error {
  constructor(readonly problems: readonly Problem[]) {
    super(problems.map(({ variable, message }) => `${variable} ${message}.`).join('\n'));
    this.name = 'EnvironmentProblems';
  }
}
