import type { ObservedEvaluation, PolicyHostStatus } from '../../platform/opa/policy-host.js';
import { countUpTo, type Metrics } from '../../platform/telemetry/metrics.js';

/** As much of a digest as tells bundles apart, and fits into a legend. */
const DIGEST_CHARACTERS = 12;

/** Counts one question to the policy. */
export function countEvaluation(metrics: Metrics, { result, duration }: ObservedEvaluation): void {
  metrics.evaluationDuration.observe(duration / 1000);
  if ('unavailable' in result) metrics.undecided.inc({ reason: result.unavailable });
}

/** Takes over what the policy host knows of itself. */
export function samplePolicyHost(metrics: Metrics, status: PolicyHostStatus): void {
  metrics.evaluationsWaiting.set(status.waiting);
  countUpTo(metrics.policyThreadReplacements, status.replacements);
  metrics.bundleTripped.reset();
  for (const { digest, revision, tripped } of status.bundles) {
    metrics.bundleTripped.set({ bundle: digest.slice(0, DIGEST_CHARACTERS), revision }, Number(tripped));
  }
}
