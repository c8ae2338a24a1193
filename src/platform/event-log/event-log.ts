import type { Pool } from 'pg';
import { binaryArray, type ArrayElementType } from '../database/binary-array.js';
import { AppendBatch, type AppendRow } from './append-batch.js';
import type { AppendCall, AppendResult } from './append-call.js';
import { AppendFailed, OutdatedProjection } from './append-errors.js';
import type { InlineProjection } from './inline-projection.js';

/** The shape of projected rows that this build writes; the append refuses any but the active one. */
export const PROJECTION_VERSION = 1;

const MOST_CALLS_IN_A_BATCH = 64;

/** What `append_events` takes after the projection version and the number of calls; all of them arrays. */
const arrayTypes: readonly ArrayElementType[] = [
  ...(['text', 'int'] as const), // checks
  ...(['int', 'int'] as const), // their uses
  ...(['int', 'int'] as const), // chains
  ...(['int', 'text', 'text'] as const), // claims
  ...(['int', 'uuid', 'text', 'int', 'text', 'text', 'bytea'] as const), // events
  ...(['int', 'text', 'int', 'text', 'json'] as const), // rows
  ...(['int', 'uuid', 'bytea'] as const), // decision inputs
];

const appendStatement = {
  name: 'append_events',
  text: `select * from append_events($1, $2, ${arrayTypes.map((type, index) => `$${index + 3}::${type}[]`).join(', ')})`,
};

interface PendingCall {
  readonly call: AppendCall;
  readonly resolve: (result: AppendResult) => void;
  readonly reject: (error: Error) => void;
}

export interface EventLogOptions {
  readonly pool: Pool;
  readonly projections: readonly InlineProjection[];
  /** Id of this instance, goes into every event as `recorded_by`. */
  readonly recordedBy: string;
  /** Told of every statement that went to the database. */
  readonly onBatch?: (batch: ObservedBatch) => void;
  /** For tests of other builds only. */
  readonly projectionVersion?: number;
}

/** One statement as metrics and traces see it. */
export interface ObservedBatch {
  readonly calls: readonly AppendCall[];
  /** One per call, in the same order; none when the statement failed. */
  readonly results: readonly AppendResult[];
  readonly error?: Error;
  readonly seconds: number;
}

/**
 * The log of record. `append` is the only way anything is ever written: it commits a call's events, projected rows, claims
 * and decision input in one transaction, or nothing of it. One batch is in flight per instance; calls that arrive
 * meanwhile are the next batch, so that a busy instance pays one commit for many registrations.
 */
export class EventLog {
  private readonly projections: ReadonlyMap<string, InlineProjection>;
  private readonly listeners = new Set<() => void>();
  private readonly projectionVersion: number;
  private pending: PendingCall[] = [];
  private running: Promise<void> | undefined;

  constructor(private readonly options: EventLogOptions) {
    this.projections = new Map(options.projections.map((projection) => [projection.streamType, projection]));
    this.projectionVersion = options.projectionVersion ?? PROJECTION_VERSION;
  }

  /**
   * Appends, all or nothing.
   *
   * @returns the committed events, or the conflict for which nothing was written; deciding again is the caller's
   * @throws AppendFailed when the database could not be asked or did not answer: the outcome may be unknown
   * @throws OutdatedProjection when this build's rows are no longer what the directory holds
   */
  append(call: AppendCall): Promise<AppendResult> {
    return new Promise((resolve, reject) => {
      this.pending.push({ call, resolve, reject });
      this.running ??= this.drain();
    });
  }

  /** Registers a function that is called after every commit, e.g. to wake the relay. It must not throw. */
  onCommitted(listener: () => void): void {
    this.listeners.add(listener);
  }

  private async drain(): Promise<void> {
    // Lets everything that arrives in this turn of the event loop share the first batch.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.pending.length > 0) await this.appendBatch(this.nextBatch());
    this.running = undefined;
  }

  /** Takes the calls that can go together, in order; what has to wait stays in front of what arrives later. */
  private nextBatch(): { readonly batch: AppendBatch; readonly calls: readonly PendingCall[] } {
    const batch = new AppendBatch(this.projections, this.options.recordedBy);
    const calls: PendingCall[] = [];
    const waiting: PendingCall[] = [];
    for (const pending of this.pending) {
      if (batch.size >= MOST_CALLS_IN_A_BATCH || !batch.accepts(pending.call)) {
        waiting.push(pending);
        continue;
      }
      try {
        const refused = batch.add(pending.call);
        if (refused) pending.resolve(refused);
        else calls.push(pending);
      } catch (error) {
        pending.reject(error as Error);
      }
    }
    this.pending = waiting;
    return { batch, calls };
  }

  private async appendBatch({ batch, calls }: ReturnType<EventLog['nextBatch']>): Promise<void> {
    if (calls.length === 0) return;
    const started = performance.now();
    try {
      const answer = await this.options.pool.query<AppendRow>({
        ...appendStatement,
        values: [this.projectionVersion, batch.size, ...encoded(batch.arrays())],
      });
      const results = batch.results(answer.rows);
      for (const [index, pending] of calls.entries()) pending.resolve(results[index]!);
      this.observe(calls, started, results);
      if (results.some((result) => result.committed)) for (const listener of this.listeners) listener();
    } catch (error) {
      const failure = asAppendError(error);
      // A value the database refuses must not take its neighbours down: each call gets a statement of its own.
      if (calls.length > 1 && failure instanceof AppendFailed && failure.isCallersFault) {
        for (const pending of calls) await this.appendBatch(this.batchOf(pending));
      } else {
        for (const pending of calls) pending.reject(failure);
        this.observe(calls, started, [], failure);
      }
    }
  }

  /** What watches never breaks what it watches. */
  private observe(
    pending: readonly PendingCall[],
    started: number,
    results: readonly AppendResult[],
    error?: Error,
  ): void {
    const calls = pending.map(({ call }) => call);
    const seconds = (performance.now() - started) / 1000;
    try {
      this.options.onBatch?.({ calls, results, seconds, ...(error && { error }) });
    } catch {
      // The appends are committed or refused, and their callers have been told.
    }
  }

  private batchOf(pending: PendingCall): ReturnType<EventLog['nextBatch']> {
    const batch = new AppendBatch(this.projections, this.options.recordedBy);
    const refused = batch.add(pending.call);
    if (refused) pending.resolve(refused);
    return { batch, calls: refused ? [] : [pending] };
  }
}

function encoded(arrays: readonly (readonly unknown[])[]): Buffer[] {
  return arrayTypes.map((type, index) => binaryArray(type, arrays[index]!));
}

function asAppendError(error: unknown): Error {
  const { code } = error as { code?: string };
  return code === 'CL001' ? new OutdatedProjection() : new AppendFailed(error);
}
