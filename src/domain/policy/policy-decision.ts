import type { PolicyFinding, PolicyObligations } from '../../contract/policy.js';

export type { PolicyFinding, PolicyObligations };

export type PolicyOutcome = 'allow' | 'review' | 'deny';

/** The result of `admission/decision`, checked for shape before anybody acts on it. */
export interface PolicyDecision {
  readonly outcome: PolicyOutcome;
  /** Not empty exactly when the outcome is `deny`. */
  readonly violations: readonly PolicyFinding[];
  readonly reviews: readonly PolicyFinding[];
  readonly obligations: PolicyObligations;
  readonly warnings: readonly PolicyFinding[];
}
