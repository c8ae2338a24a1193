import { Inject, Injectable } from '@nestjs/common';
import type { PolicyDecision } from '../../domain/policy/policy-decision.js';
import type { EvaluatedDecision } from '../../platform/opa/policy-host.js';
import { PolicyUnavailable } from '../../platform/opa/policy-unavailable.js';
import { TRACING, type SpanAttributes, type Tracing } from '../../platform/telemetry/tracing/tracing.js';
import { decidingRule } from './admission-metrics.js';

/** What a span says of a decision: what decided and how, nothing of the client. */
export interface TracedQuestion {
  /** Of the request. */
  readonly traceparent: string | null;
  readonly realm: string;
  readonly action: string;
  readonly decisionId: string;
  readonly bundleDigest: string;
}

/** Gives every question to the policy a span below its request's. */
@Injectable()
export class DecisionTraces {
  constructor(@Inject(TRACING) private readonly tracing: Tracing) {}

  async around(question: TracedQuestion, ask: () => Promise<EvaluatedDecision>): Promise<EvaluatedDecision> {
    if (!this.tracing.enabled || question.traceparent === null) return ask();
    const started = performance.now();
    try {
      const evaluated = await ask();
      this.record(question, started, outcomeOf(evaluated.decision));
      return evaluated;
    } catch (error) {
      this.record(question, started, {}, error instanceof PolicyUnavailable ? error.reason : 'unexpected');
      throw error;
    }
  }

  private record(question: TracedQuestion, started: number, outcome: SpanAttributes, error?: string): void {
    this.tracing.record({
      name: 'policy decision',
      kind: 'internal',
      parent: question.traceparent,
      seconds: (performance.now() - started) / 1000,
      error,
      attributes: {
        'clientele.realm': question.realm,
        'clientele.action': question.action,
        'clientele.decision_id': question.decisionId,
        'clientele.policy.bundle_digest': question.bundleDigest,
        ...outcome,
      },
    });
  }
}

function outcomeOf(decision: PolicyDecision): SpanAttributes {
  return { 'clientele.policy.outcome': decision.outcome, 'clientele.policy.rule': decidingRule(decision) };
}
