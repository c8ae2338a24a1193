import { z } from 'zod';
import type { PolicyDecision, PolicyOutcome } from '../../domain/policy/policy-decision.js';

const FINDING = z.strictObject({
  rule: z.string().min(1),
  code: z.string().regex(/^[a-z][a-z0-9_]*$/),
  field: z.string().min(1),
  params: z.record(z.string(), z.unknown()),
});
const FINDINGS = z.array(FINDING);
const NAMES = z.array(z.string());
/** Ten years: more is a slip of the pen, and dates have an end. */
const LONGEST_LIFETIME = 10 * 366 * 24 * 3600;
const SECONDS = z.int().positive().max(LONGEST_LIFETIME);

const DECISION = z.strictObject({
  outcome: z.enum(['allow', 'review', 'deny']),
  violations: FINDINGS,
  reviews: FINDINGS,
  obligations: z.strictObject({
    scope_ceiling: NAMES.optional(),
    resource_ceiling: NAMES.optional(),
    grant_types: NAMES.optional(),
    token_lifetime: SECONDS.optional(),
    secret_lifetime: SECONDS.optional(),
    client_lifetime: SECONDS.optional(),
    require_consent: z.boolean().optional(),
    trust: z.enum(['untrusted', 'approved', 'trusted']).optional(),
  }),
  warnings: FINDINGS,
});

/** What came out of one evaluation: a decision, or the reason why it is none. */
export type DecisionReading =
  | { readonly ok: true; readonly decision: PolicyDecision }
  | { readonly ok: false; readonly reason: 'undefined' | 'malformed'; readonly detail: string };

/**
 * Judges what the WebAssembly answered. Only a whole decision counts, and only if its outcome follows from its findings:
 * an empty result set is how OPA says "undefined" and must never pass for a permission.
 *
 * @param results the result set: `[{ "result": … }]`, or `[]`
 */
export function readDecision(results: unknown): DecisionReading {
  if (!Array.isArray(results))
    return { ok: false, reason: 'malformed', detail: 'the answer is no result set' };
  if (results.length === 0)
    return { ok: false, reason: 'undefined', detail: 'the decision is undefined for this input' };
  const shaped = DECISION.safeParse((results[0] as { result?: unknown } | null)?.result);
  if (!shaped.success) return { ok: false, reason: 'malformed', detail: describe(shaped.error) };
  // Everything in it came out of JSON.parse, which zod's `unknown` cannot tell; absent members stay absent.
  const decision = shaped.data as PolicyDecision;
  const outcome = outcomeOf(decision);
  if (decision.outcome === outcome) return { ok: true, decision };
  return {
    ok: false,
    reason: 'malformed',
    detail: `the outcome is ${decision.outcome}, the findings say ${outcome}`,
  };
}

function outcomeOf(decision: PolicyDecision): PolicyOutcome {
  if (decision.violations.length > 0) return 'deny';
  return decision.reviews.length > 0 ? 'review' : 'allow';
}

function describe(error: z.ZodError): string {
  const [issue] = error.issues;
  return `the answer is no decision: ${issue?.path.join('.') || 'as a whole'}: ${issue?.message}`;
}
