import type { TestContext } from './test-context.js';

/** RFC 2119 words, as the referenced text has them. */
export type Level = 'MUST' | 'SHOULD' | 'MAY';

/** What a server may claim to be: each names a set of tests. */
export const profiles = ['rfc7591', 'rfc7592', 'mcp'] as const;
export type Profile = (typeof profiles)[number];

/** One requirement, and how to find out from outside whether a server meets it. */
export interface ConformanceTest {
  /** Stable, e.g. `R-41`; a suffix where one requirement needs several tests, e.g. `R-05-echo`. */
  readonly id: string;
  readonly level: Level;
  /** What a server that conforms does: part of a sentence. */
  readonly title: string;
  readonly profiles: readonly Profile[];
  /** Document and section, e.g. `RFC 7591 section 3.2.1`. */
  readonly reference: string;
  /** What that section says. */
  readonly rule: string;
  /**
   * Returns when the server meets the requirement.
   *
   * @throws Unmet when it does not
   * @throws NotApplicable when the server does not offer what is tested
   * @throws CouldNotRun when something else stood in the way
   */
  run(context: TestContext): Promise<void>;
}

/** Tests that are read and reported together. */
export interface Chapter {
  readonly title: string;
  readonly tests: readonly ConformanceTest[];
}
