import type { Pool, PoolClient } from 'pg';
import { AppendBatch, type AppendRow } from './append-batch.js';
import type { AppendCall, AppendResult, Write } from './append-call.js';
import { AppendFailed, OutdatedProjection } from './append-errors.js';
import { holdingAppendLock } from './append-lock.js';
import { appendStatement } from './append-statement.js';
import type { InlineProjection } from './inline-projection.js';
import { KnownHeads } from './known-heads.js';

/** The shape of projected rows that this build writes; the append refuses any but the active one. */
export const PROJECTION_VERSION = 1;

const MOST_CALLS_IN_A_BATCH = 64;

interface PendingCall {
  readonly call: AppendCall;
  readonly resolve: (result: AppendResult) => void;
  readonly reject: (error: Error) => void;
}

interface Answer {
  readonly pending: PendingCall;
  readonly result: AppendResult;
}

/** A batch and whose calls it carries, in the same order. */
interface FilledBatch {
  readonly batch: AppendBatch;
  readonly calls: readonly PendingCall[];
  /** Calls that a rebase refused, not told yet. */
  readonly refused: readonly Answer[];
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
 * meanwhile are the next batch, so that a busy instance pays one commit for many registrations. Writes that can be decided
 * again follow their stream by themselves: ADR 0013.
 */
export class EventLog {
  private readonly projections: ReadonlyMap<string, InlineProjection>;
  private readonly heads = new KnownHeads();
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
  private nextBatch(): FilledBatch {
    const waiting: PendingCall[] = [];
    const filled = this.batchOf(this.pending, waiting);
    this.pending = waiting;
    return filled;
  }

  /** Puts the calls that can go together into a batch, and the others aside. */
  private batchOf(candidates: readonly PendingCall[], aside: PendingCall[] = []): FilledBatch {
    const batch = new AppendBatch(this.projections, this.options.recordedBy, this.heads);
    const calls: PendingCall[] = [];
    const refused: Answer[] = [];
    for (const pending of candidates) {
      if (batch.size >= MOST_CALLS_IN_A_BATCH || !batch.accepts(pending.call)) {
        aside.push(pending);
        continue;
      }
      try {
        const result = batch.add(pending.call);
        if (result) refused.push({ pending, result });
        else calls.push(pending);
      } catch (error) {
        pending.reject(error as Error);
      }
    }
    return { batch, calls, refused };
  }

  private async appendBatch(filled: FilledBatch): Promise<void> {
    tell(filled.refused);
    const answers = await this.answers(filled.calls, () => this.send(this.options.pool, filled));
    const overtaken: PendingCall[] = [];
    for (const { pending, result } of answers) {
      if (canFollow(pending.call, result)) overtaken.push(pending);
      else pending.resolve(result);
    }
    if (overtaken.length > 0) await this.appendHoldingLock(overtaken);
  }

  /**
   * Sends calls of one batch again whose streams another instance moved, on the heads it left. Nobody appends between the
   * reading and the sending, so that once is enough however busy the others are.
   */
  private async appendHoldingLock(calls: readonly PendingCall[]): Promise<void> {
    const streams = calls.flatMap(({ call }) => rebased(call).map((write) => write.stream));
    let refused: readonly Answer[] = [];
    const answers = await this.answers(calls, () =>
      holdingAppendLock(this.options.pool, async (client) => {
        await this.heads.read(client, this.projections, [...new Set(streams)]);
        const filled = this.batchOf(calls);
        // Not told before the commit: where that fails, these are tried again like the others.
        refused = filled.refused;
        return this.send(client, filled);
      }),
    );
    tell([...answers, ...refused]);
  }

  private async send(client: Pool | PoolClient, { batch, calls }: FilledBatch): Promise<readonly Answer[]> {
    if (calls.length === 0) return [];
    const answer = await client.query<AppendRow>(appendStatement(this.projectionVersion, batch));
    const results = batch.results(answer.rows);
    return calls.map((pending, index) => ({ pending, result: results[index]! }));
  }

  /** @returns what the database answered, once it is committed; nothing where it failed, and then the callers know */
  private async answers(
    calls: readonly PendingCall[],
    sending: () => Promise<readonly Answer[]>,
  ): Promise<readonly Answer[]> {
    const started = performance.now();
    let answers: readonly Answer[];
    try {
      answers = await sending();
    } catch (error) {
      await this.fail(calls, started, asAppendError(error));
      return [];
    }
    if (answers.length === 0) return [];
    const results = answers.map(({ result }) => result);
    this.observe(
      answers.map(({ pending }) => pending),
      started,
      results,
    );
    if (results.some((result) => result.committed)) this.committed(answers);
    return answers;
  }

  private committed(answers: readonly Answer[]): void {
    for (const { pending, result } of answers) {
      if (!result.committed) continue;
      for (const [index, write] of pending.call.writes.entries()) {
        if (write.rebase) this.heads.learn(write.stream, result.heads[index]!);
      }
    }
    for (const listener of this.listeners) listener();
  }

  private async fail(calls: readonly PendingCall[], started: number, failure: Error): Promise<void> {
    this.heads.clear();
    // A value the database refuses must not take its neighbours down: each call gets a statement of its own.
    if (calls.length > 1 && failure instanceof AppendFailed && failure.isCallersFault) {
      for (const pending of calls) await this.appendBatch(this.batchOf([pending]));
    } else {
      for (const pending of calls) pending.reject(failure);
      this.observe(calls, started, [], failure);
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
}

function tell(answers: readonly Answer[]): void {
  for (const { pending, result } of answers) pending.resolve(result);
}

/** Writes that can be decided on another head than their own. */
function rebased(call: AppendCall): readonly Write[] {
  return call.writes.filter((write) => write.rebase && write.head);
}

/** Whether a call failed because such a stream had moved. */
function canFollow(call: AppendCall, result: AppendResult): boolean {
  if (result.committed || result.conflict.kind !== 'version') return false;
  const { stream } = result.conflict;
  return rebased(call).some((write) => write.stream === stream);
}

function asAppendError(error: unknown): Error {
  const { code } = error as { code?: string };
  return code === 'CL001' ? new OutdatedProjection() : new AppendFailed(error);
}
