import { Injectable } from '@nestjs/common';
import type { PolicyDecision } from '../../domain/policy/policy-decision.js';
import { Metrics } from '../../platform/telemetry/metrics.js';

/** Counts what the policy decided, by outcome and by the first rule that led there. */
@Injectable()
export class AdmissionMetrics {
  constructor(private readonly metrics: Metrics) {}

  decided({ outcome, violations, reviews }: PolicyDecision): void {
    const [finding] = outcome === 'deny' ? violations : reviews;
    this.metrics.decisions.inc({ outcome, rule: outcome === 'allow' ? 'none' : (finding?.rule ?? 'none') });
  }
}
