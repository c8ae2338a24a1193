import { Unavailable } from '../unavailable.js';

/** The append could not be completed; when the connection broke during commit, nobody knows whether it was. */
export class AppendFailed extends Unavailable {
  constructor(cause: unknown) {
    super(
      `the event log did not take the append: ${cause instanceof Error ? cause.message : String(cause)}`,
      2,
      {
        cause,
      },
    );
  }

  /** Whether a value in the call was at fault (of the wrong type, or SQLSTATE classes 22 and 23), rather than the database. */
  get isCallersFault(): boolean {
    if (this.cause instanceof TypeError || this.cause instanceof RangeError) return true;
    const code = (this.cause as { code?: unknown }).code;
    return typeof code === 'string' && (code.startsWith('22') || code.startsWith('23'));
  }
}

/** The directory was rebuilt by a newer version of the service; this instance may not write any more. */
export class OutdatedProjection extends Unavailable {
  constructor() {
    super('the client directory was rebuilt by a newer version; this instance must be upgraded', 30);
  }
}
