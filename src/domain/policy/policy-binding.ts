import type { AnyEvent } from '../../contract/events/index.js';

/** Which bundle judges a realm: the fold of `policy:<realm>`. */
export interface PolicyBindingState {
  readonly realm: string;
  /** SHA-256 of the bundle file, hex. */
  readonly active_digest: string;
  readonly revision: string;
  /** RFC 3339. */
  readonly activated_at: string;
}

/** Folds `policy.activated`. */
export function projectPolicyBinding(
  state: PolicyBindingState | undefined,
  event: AnyEvent,
): PolicyBindingState | undefined {
  if (event.type !== 'policy.activated') return state;
  const { bundle_digest, revision } = event.data;
  return { realm: event.realm, active_digest: bundle_digest, revision, activated_at: event.occurred_at };
}
