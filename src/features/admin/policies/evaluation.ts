import { z } from 'zod';
import type { Evaluation } from '../../../application/policies/evaluate-registration.query.js';
import { DEFAULT_REALM } from '../../../application/realms/realm-registry.js';
import type { JsonObject } from '../../../contract/json.js';
import type { PolicyFinding } from '../../../contract/policy.js';
import { describeFinding } from '../../../domain/policy/finding-texts.js';
import type { PolicyCaller } from '../../../domain/policy/policy-input.js';
import { text } from '../admin-body.js';
import { tokenConstraints } from '../initial-access-tokens/token-constraints.js';

const caller = z
  .strictObject({
    kind: z.enum(['anonymous', 'initial_access_token']).default('anonymous'),
    constraints: tokenConstraints.optional(),
    ip: text(64).optional(),
  })
  .prefault({});

/** What `POST /admin/v1/policies/evaluate` takes. */
export const evaluation = z.strictObject({
  realm: text(64).min(1).default(DEFAULT_REALM),
  registration: z.custom<JsonObject>(
    (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
    {
      error: 'must be a registration request, as an object',
    },
  ),
  caller,
});

/** The caller as the policy would see them. */
export function evaluatedCaller({ kind, constraints, ip }: z.infer<typeof caller>): PolicyCaller {
  const holdsToken = kind === 'initial_access_token';
  return {
    kind,
    method: holdsToken ? 'initial_access_token' : null,
    token_id: holdsToken ? 'evaluated' : null,
    constraints: holdsToken ? (constraints ?? {}) : null,
    ip: ip ?? null,
  };
}

/** What it answers (DESIGN section 12). */
export function presentEvaluation({ decision, bundleDigest, durationMicroseconds }: Evaluation): object {
  return {
    outcome: decision.outcome,
    violations: decision.violations.map(forOperators),
    reviews: decision.reviews.map(forOperators),
    warnings: decision.warnings.map(forOperators),
    obligations: decision.obligations,
    bundle_digest: bundleDigest,
    duration_us: durationMicroseconds,
  };
}

function forOperators(finding: PolicyFinding): object {
  return describeFinding(finding, 'operator');
}
