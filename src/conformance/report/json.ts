import { conforms, countLevel, countVerdicts, type RunResult } from '../result.js';

/**
 * A run as one JSON object, for other programs.
 *
 * @param version of the suite
 */
export function jsonReport(run: RunResult, version: string): string {
  const { results, ...about } = run;
  const report = {
    suite: { name: 'clientele conformance', version },
    ...about,
    conforms: conforms(results),
    summary: {
      all: countVerdicts(results),
      MUST: countLevel(results, 'MUST'),
      SHOULD: countLevel(results, 'SHOULD'),
      MAY: countLevel(results, 'MAY'),
    },
    results,
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}
