import type { NewEvent } from '../../contract/events/index.js';
import { streamType } from '../../contract/streams.js';
import type {
  AppendCall,
  AppendResult,
  Claim,
  Conflict,
  Guard,
  Requirement,
  StreamHead,
} from './append-call.js';
import { encodeEvent, type EncodedEvent } from './encode-event.js';
import { projectedRow, type InlineProjection, type ProjectedRow } from './inline-projection.js';
import { KnownHeads } from './known-heads.js';

/** One write with its events numbered, chained and in canonical bytes. */
interface EncodedWrite {
  readonly stream: string;
  readonly events: readonly EncodedEvent[];
  /** Where the stream stands once the write is committed. */
  readonly head: StreamHead;
  readonly builtOn: StreamHead | undefined;
  /** The earlier call of the batch whose events this write builds on. */
  readonly chainedTo: number | undefined;
  readonly table: string | undefined;
  readonly row: ProjectedRow | undefined;
}

/** Row of the append function's answer. */
export interface AppendRow {
  readonly call: number;
  readonly first_position: string | null;
  readonly conflict_stream: string | null;
  readonly conflict_version: number | null;
  readonly conflict_guard: string | null;
  readonly conflict_claim: string | null;
  /** Of the guard or claim. */
  readonly conflict_key: string | null;
  /** What the guard found, or who holds the claim. */
  readonly conflict_found: string | null;
}

/**
 * Calls that go to the database as one statement. Two calls that touch the same stream never share a batch, because the
 * second was decided without knowing the first; the exception are writes with `rebase`, which are chained. Such a write
 * builds on the newest head that is known, in the batch or before it. For the same reason a guarded call does not follow a
 * change of what its guards look at; new streams change nothing that is looked at.
 */
export class AppendBatch {
  private readonly calls: EncodedWrite[][] = [];
  private readonly checks: Requirement[] = [];
  private readonly checkNumbers = new Map<string, number>();
  private readonly uses: { readonly call: number; readonly check: number }[] = [];
  private readonly chains: { readonly call: number; readonly on: number; readonly stream: string }[] = [];
  private readonly guards: (Guard & { readonly call: number; readonly realm: string })[] = [];
  private readonly claims: (Claim & { readonly call: number })[] = [];
  private readonly inputs: { readonly call: number; readonly decision_id: string; readonly body: Buffer }[] =
    [];
  /** Streams this batch writes to: where they stand then, and the last call that wrote. */
  private readonly written = new Map<string, { readonly head: StreamHead; readonly call: number }>();
  private readonly required = new Set<string>();
  private readonly claimed = new Set<string>();
  /** Types of the existing streams this batch writes to. */
  private readonly changed = new Set<string>();

  constructor(
    private readonly projections: ReadonlyMap<string, InlineProjection>,
    private readonly recordedBy: string,
    private readonly known: KnownHeads = new KnownHeads(),
  ) {}

  get size(): number {
    return this.calls.length;
  }

  /** Whether the call can join without having been decided on something this batch is about to change. */
  accepts(call: AppendCall): boolean {
    return (
      call.writes.every(
        (write) =>
          !this.required.has(write.stream) &&
          (!this.written.has(write.stream) || (write.rebase !== undefined && write.head !== undefined)),
      ) &&
      (call.requires ?? []).every((required) => !this.written.has(required.stream)) &&
      (call.guards ?? []).every((guard) => !this.changed.has(guard.streamType)) &&
      (call.claims ?? []).every((claim) => !this.claimed.has(`${claim.kind} ${claim.key}`))
    );
  }

  /**
   * Adds a call that `accepts` let in.
   *
   * @returns a conflict at once where a rebase refuses, otherwise undefined
   * @throws TypeError for an event that has no canonical form; the batch stays as it was
   */
  add(call: AppendCall): AppendResult | undefined {
    if (call.writes.length === 0) throw new TypeError('a call without a write has nothing to commit');
    const writes: EncodedWrite[] = [];
    for (const write of call.writes) {
      const earlier = this.written.get(write.stream);
      const head = earlier ? earlier.head : this.known.newestFor(write);
      const events = head && head !== write.head && write.rebase ? write.rebase(head) : write.events;
      if (!events) {
        const { version } = head!;
        return { committed: false, conflict: { kind: 'version', stream: write.stream, version } };
      }
      writes.push({
        ...this.encode(write.stream, head, events, call),
        builtOn: head,
        chainedTo: earlier?.call,
      });
    }

    const number = this.calls.push(writes);
    for (const { stream, version } of call.requires ?? []) {
      this.check(number, stream, version);
      this.required.add(stream);
    }
    for (const guard of call.guards ?? [])
      this.guards.push({ ...guard, call: number, realm: call.context.realm });
    for (const claim of call.claims ?? []) {
      this.claims.push({ ...claim, call: number });
      this.claimed.add(`${claim.kind} ${claim.key}`);
    }
    for (const { stream, head, builtOn, chainedTo } of writes) {
      if (chainedTo === undefined) this.check(number, stream, builtOn?.version ?? 0);
      else this.chains.push({ call: number, on: chainedTo, stream });
      if (builtOn) this.changed.add(streamType(stream));
      this.written.set(stream, { head, call: number });
    }
    if (call.decisionInput) this.inputs.push({ call: number, ...call.decisionInput });
    return undefined;
  }

  /** The parameters of `append_events` after the first two, in its order. */
  arrays(): readonly (readonly unknown[])[] {
    const writes = this.calls.flatMap((call, index) => call.map((write) => ({ call: index + 1, ...write })));
    const events = writes.flatMap((write) => write.events.map((event) => ({ call: write.call, ...event })));
    const rows = writes.filter((write) => write.row !== undefined);
    return [
      this.checks.map((check) => check.stream),
      this.checks.map((check) => check.version),
      this.uses.map((use) => use.call),
      this.uses.map((use) => use.check),
      this.chains.map((chain) => chain.call),
      this.chains.map((chain) => chain.on),
      this.chains.map((chain) => chain.stream),
      this.guards.map((guard) => guard.call),
      this.guards.map((guard) => guard.realm),
      this.guards.map((guard) => guard.kind),
      this.guards.map((guard) => guard.key),
      this.guards.map((guard) => guard.found ?? ''),
      this.claims.map((claim) => claim.call),
      this.claims.map((claim) => claim.kind),
      this.claims.map((claim) => claim.key),
      this.claims.map((claim) => claim.holder),
      this.claims.map((claim) => claim.over ?? ''),
      events.map((event) => event.call),
      events.map((event) => event.envelope.event_id),
      events.map((event) => event.envelope.stream),
      events.map((event) => event.envelope.version),
      events.map((event) => event.envelope.type),
      events.map((event) => event.envelope.realm),
      events.map((event) => event.body),
      rows.map((write) => write.call),
      rows.map((write) => write.stream),
      rows.map((write) => write.head.version),
      rows.map((write) => write.table),
      rows.map((write) => JSON.stringify(write.row)),
      this.inputs.map((input) => input.call),
      this.inputs.map((input) => input.decision_id),
      this.inputs.map((input) => input.body),
    ];
  }

  /** What the database's answer means for each call, in the order they were added. */
  results(rows: readonly AppendRow[]): AppendResult[] {
    return this.calls.map((call, index) => {
      const row = rows[index];
      if (row?.call !== index + 1) throw new Error('append_events answered out of order');
      if (row.first_position !== null) {
        return {
          committed: true,
          position: Number(row.first_position),
          events: call.flatMap((write) => write.events.map((event) => event.envelope)),
          heads: call.map((write) => write.head),
        };
      }
      return { committed: false, conflict: conflictOf(row) };
    });
  }

  private check(call: number, stream: string, version: number): void {
    const key = `${version} ${stream}`;
    let check = this.checkNumbers.get(key);
    if (check === undefined) {
      check = this.checks.push({ stream, version });
      this.checkNumbers.set(key, check);
    }
    this.uses.push({ call, check });
  }

  private encode(
    stream: string,
    builtOn: StreamHead | undefined,
    newEvents: readonly NewEvent[],
    call: AppendCall,
  ): Pick<EncodedWrite, 'stream' | 'events' | 'head' | 'table' | 'row'> {
    const projection = this.projections.get(streamType(stream));
    const events: EncodedEvent[] = [];
    let head = builtOn;
    for (const event of newEvents) {
      const encoded = encodeEvent(stream, head, event, call.context, this.recordedBy);
      events.push(encoded);
      const state = projection?.project(head?.state, encoded.envelope);
      head = { version: encoded.envelope.version, hash: encoded.hash, state };
    }
    if (!head || events.length === 0) throw new TypeError(`a write to ${stream} without an event`);
    if (!projection || head.state === undefined)
      return { stream, events, head, table: undefined, row: undefined };
    return { stream, events, head, table: projection.table, row: projectedRow(projection, stream, head) };
  }
}

function conflictOf(row: AppendRow): Conflict {
  if (row.conflict_stream !== null) {
    return { kind: 'version', stream: row.conflict_stream, version: row.conflict_version ?? 0 };
  }
  const key = row.conflict_key ?? '';
  if (row.conflict_guard !== null) {
    return { kind: 'guard', guard: row.conflict_guard, key, found: row.conflict_found };
  }
  return { kind: 'claim', claim: row.conflict_claim ?? 'unknown', key, holder: row.conflict_found };
}
