import { Query } from '@nestjs/cqrs';
import type { JsonObject } from '../../contract/json.js';
import type { MetadataRejection } from '../../domain/metadata/rejection/metadata-rejection.js';
import type { PolicyDecision } from '../../domain/policy/policy-decision.js';
import type { PolicyCaller } from '../../domain/policy/policy-input.js';

/** The decision that a registration would get, and what it took. */
export interface Evaluation {
  readonly decision: PolicyDecision;
  /** SHA-256 of the bundle, hex. */
  readonly bundleDigest: string;
  /** Microseconds inside the policy. */
  readonly durationMicroseconds: number;
}

/** Asks the realm's active policy about a registration, and records nothing. */
export class EvaluateRegistration extends Query<Evaluation | { readonly rejection: MetadataRejection }> {
  constructor(
    readonly realm: string,
    /** As it would be posted to /register. */
    readonly registration: JsonObject,
    readonly caller: PolicyCaller,
  ) {
    super();
  }
}
