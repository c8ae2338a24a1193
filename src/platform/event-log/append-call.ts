import type { EventContext } from '../../contract/envelope.js';
import type { AnyEvent, NewEvent } from '../../contract/events/index.js';

/** Where a stream stands: what the next event builds on. */
export interface StreamHead<State = unknown> {
  readonly version: number;
  /** SHA-256 of the last event's bytes, base64url. */
  readonly hash: string;
  /** The projected state after that event. */
  readonly state: State;
}

/** Events for one stream. */
export interface Write<State = unknown> {
  readonly stream: string;
  /** The head the events were decided on; undefined = the stream must not exist yet. */
  readonly head: StreamHead<State> | undefined;
  readonly events: readonly NewEvent[];
  /**
   * For streams that many requests use at once: decides again on a newer head, which an earlier call of the same batch, a
   * batch before it or another instance left behind. Undefined as an answer = the write is refused on that head, and the
   * call conflicts. Pure, and cheap: it may run while every other append waits. The stream must be projected.
   */
  readonly rebase?: (head: StreamHead<State>) => readonly NewEvent[] | undefined;
}

/** A stream the decision relied on, without writing to it. Version 0 = it had no events. */
export interface Requirement {
  readonly stream: string;
  readonly version: number;
}

/** Something that only one can have, e.g. an idempotency key. */
export interface Claim {
  readonly kind: string;
  readonly key: string;
  /** Who has it from now on; whoever comes later is told. */
  readonly holder: string;
  /** The holder that it may be taken over from. Without one the claim must be free. */
  readonly over?: string;
}

/**
 * What a lookup in the projected tables has to find in the realm of the call when it is appended, as `guarded_state` in the
 * database answers it. Deciding costs no lookup that way: the call says what it took for granted, and hears of it otherwise.
 */
export interface Guard {
  readonly kind: string;
  readonly key: string;
  /** What the decision was made on; null = nothing. */
  readonly found: string | null;
  /** The type of stream whose rows are looked up, e.g. `client`. */
  readonly streamType: string;
}

/**
 * All or nothing: every event, row and claim of the call, or none. Of several things that fail it one is told: a stream
 * before a guard, a guard before a claim, and of claims the last.
 */
export interface AppendCall {
  readonly context: EventContext;
  readonly requires?: readonly Requirement[];
  readonly writes: readonly Write[];
  readonly guards?: readonly Guard[];
  readonly claims?: readonly Claim[];
  /** Canonical bytes of the policy input, kept for explain and back-test. */
  readonly decisionInput?: { readonly decision_id: string; readonly body: Buffer };
}

export type AppendResult =
  | {
      readonly committed: true;
      readonly position: number;
      readonly events: readonly AnyEvent[];
      readonly heads: readonly StreamHead[];
    }
  | { readonly committed: false; readonly conflict: Conflict };

export type Conflict =
  | { readonly kind: 'version'; readonly stream: string; readonly version: number }
  /** `guard` is the kind; `found` what is there instead. */
  | {
      readonly kind: 'guard';
      readonly guard: string;
      readonly key: string;
      readonly found: string | null;
    }
  /** `claim` is the kind; `holder` who has it, null where that was not kept. */
  | {
      readonly kind: 'claim';
      readonly claim: string;
      readonly key: string;
      readonly holder: string | null;
    };
