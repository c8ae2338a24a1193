import { Unavailable } from '../unavailable.js';

/** Why there is no decision. */
export type UnavailableReason =
  /** The input alone used up its time. */
  | 'deadline'
  /** The bundle timed out too often and rests. */
  | 'tripped'
  /** The WebAssembly trapped, ran out of memory or called the host. */
  | 'trapped'
  /** The policy has no answer for this input, for instance because the profile is unknown. */
  | 'undefined'
  /** The answer is no decision. */
  | 'malformed'
  /** The thread that evaluates could not start, or died of this input. */
  | 'crashed'
  /** Too many inputs wait. */
  | 'overloaded'
  /** No bundle with this digest is loaded. */
  | 'unknown_bundle'
  /** The host has been closed. */
  | 'closed';

/** Seconds after which another attempt makes sense: soon where load is the trouble, later where people have to act. */
const RETRY_AFTER: Readonly<Record<UnavailableReason, number>> = {
  deadline: 1,
  tripped: 1,
  trapped: 30,
  undefined: 30,
  malformed: 30,
  crashed: 1,
  overloaded: 1,
  unknown_bundle: 1,
  closed: 1,
};

/**
 * There is no decision, neither a permission nor a refusal: the caller answers 503 with Retry-After and records nothing
 * (D-5, I13). The message is for operators and may hold internals; it never goes to clients.
 */
export class PolicyUnavailable extends Unavailable {
  constructor(
    readonly reason: UnavailableReason,
    message: string,
  ) {
    super(message, RETRY_AFTER[reason]);
  }
}
