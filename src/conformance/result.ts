import type { ConformanceTest, Level, Profile } from './conformance-test.js';
import type { ShownExchange } from './http/shown-exchange.js';
import type { Leftovers } from './server/ledger.js';

/** How a test ended. A SHOULD or MAY that is not met is a warning. */
export const verdicts = ['pass', 'fail', 'warning', 'skipped', 'error'] as const;
export type Verdict = (typeof verdicts)[number];

/** A test with what it found out. */
export interface TestResult extends Pick<
  ConformanceTest,
  'id' | 'level' | 'title' | 'profiles' | 'reference' | 'rule'
> {
  readonly chapter: string;
  readonly verdict: Verdict;
  /** What a server that conforms does; null unless the test failed or warned. */
  readonly expected: string | null;
  /** What this server did, or why the test says nothing; null when it passed. */
  readonly found: string | null;
  /** Where; null when it passed, and when nothing was sent. */
  readonly exchange: ShownExchange | null;
  readonly milliseconds: number;
}

export type Counts = Readonly<Record<Verdict, number>>;

/** Everything a run found out. */
export interface RunResult {
  readonly issuer: string;
  readonly registrationEndpoint: string;
  readonly profiles: readonly Profile[];
  /** RFC 3339. */
  readonly started: string;
  readonly milliseconds: number;
  readonly results: readonly TestResult[];
  readonly clients: Leftovers;
  /** The run was ended before its last test. */
  readonly interrupted: boolean;
}

/** How often each verdict came out. */
export function countVerdicts(results: readonly TestResult[]): Counts {
  const counts = Object.fromEntries(verdicts.map((verdict) => [verdict, 0])) as Record<Verdict, number>;
  for (const { verdict } of results) counts[verdict] += 1;
  return counts;
}

/** The same for one level. */
export function countLevel(results: readonly TestResult[], level: Level): Counts {
  return countVerdicts(results.filter((result) => result.level === level));
}

/** Whether the server meets every MUST that could be tested, and each could be. */
export function conforms(results: readonly TestResult[]): boolean {
  return results.length > 0 && results.every(({ verdict }) => verdict !== 'fail' && verdict !== 'error');
}
