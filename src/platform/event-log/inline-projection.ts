import type { AnyEvent } from '../../contract/events/index.js';

/**
 * A table that is written in the append's own transaction. `project` is the only fold there is: the append uses it, and so
 * does every rebuild.
 *
 * @typeParam State content of the row's `record` column
 */
export interface InlineProjection<State = unknown> {
  /** The type of stream it folds, e.g. `client`. */
  readonly streamType: string;
  readonly table: string;
  /** Pure and total: no clock, no randomness, no I/O; an event it does not know leaves the state as it is. */
  project(state: State | undefined, event: AnyEvent): State | undefined;
  /** Columns beside stream, version, hash and record, for keys, lists and searches. */
  columns(state: State): Readonly<Record<string, unknown>>;
}

/** The row of an inline projection, as every projected table has it. */
export interface ProjectedRow {
  readonly stream: string;
  readonly version: number;
  readonly hash: string;
  readonly record: unknown;
  readonly [column: string]: unknown;
}

/** Builds the row that a head's state makes. */
export function projectedRow<State>(
  projection: InlineProjection<State>,
  stream: string,
  head: { readonly version: number; readonly hash: string; readonly state: State },
): ProjectedRow {
  return {
    ...projection.columns(head.state),
    stream,
    version: head.version,
    hash: head.hash,
    record: head.state,
  };
}
