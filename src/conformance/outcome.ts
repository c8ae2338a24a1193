import type { Exchange } from './http/exchange.js';

/** The server does something else than it should. */
export class Unmet extends Error {
  /**
   * @param expected what a server that conforms does
   * @param found what this one did
   * @param exchange where it did that
   */
  constructor(
    readonly expected: string,
    readonly found: string,
    readonly exchange?: Exchange,
  ) {
    super(`${expected}; ${found}`);
    this.name = 'Unmet';
  }
}

/** The requirement does not bind this server, e.g. because it offers nothing of the kind. */
export class NotApplicable extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'NotApplicable';
  }
}

/** Nothing was found out. */
export class CouldNotRun extends Error {
  constructor(
    reason: string,
    readonly exchange?: Exchange,
  ) {
    super(reason);
    this.name = 'CouldNotRun';
  }
}

/**
 * Goes on when the condition holds.
 *
 * @throws Unmet
 */
export function expectThat(
  condition: unknown,
  expected: string,
  found: string,
  exchange?: Exchange,
): asserts condition {
  if (!condition) throw new Unmet(expected, found, exchange);
}

/** @throws NotApplicable unless the condition holds */
export function applicableIf(condition: unknown, reason: string): asserts condition {
  if (!condition) throw new NotApplicable(reason);
}
