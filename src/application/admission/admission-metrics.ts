import { Injectable } from '@nestjs/common';
import type { PolicyDecision } from '../../domain/policy/policy-decision.js';
import { Metrics } from '../../platform/telemetry/metrics.js';

/** Counts what the policy decided, by outcome and by the first rule that led there. */
@Injectable()
export class AdmissionMetrics {
  constructor(private readonly metrics: Metrics) {}

  decided(decision: PolicyDecision): void {
    this.metrics.decisions.inc({ outcome: decision.outcome, rule: decidingRule(decision) });
  }
}

/** The first rule that led to a review or denial; `none` for an allow. */
export function decidingRule({ outcome, violations, reviews }: PolicyDecision): string {
  if (outcome === 'allow') return 'none';
  const [finding] = outcome === 'deny' ? violations : reviews;
  return finding?.rule ?? 'none';
}
