/** Injection token of the process's `Tracing`. */
export const TRACING = 'clientele:tracing';

export type SpanAttributes = Readonly<Record<string, string | number | boolean>>;

export interface SpanStart {
  /** Few different ones: what varies is an attribute. */
  readonly name: string;
  readonly kind: 'server' | 'client' | 'producer' | 'internal';
  /** W3C traceparent of the span above; null begins a trace. */
  readonly parent: string | null;
  readonly attributes?: SpanAttributes;
}

/** A span of something that is over. */
export interface FinishedSpan extends SpanStart {
  /** How long it took, until now. */
  readonly seconds: number;
  /** What kind of failure it ended in: few different ones (`error.type`). */
  readonly error?: string | undefined;
  /** Traceparents of spans in other traces. */
  readonly links?: readonly string[];
}

export interface RunningSpan {
  /** Its own, for spans below it. */
  readonly traceparent: string;
  /** @param error what kind of failure it ended in */
  end(attributes: SpanAttributes, error?: string): void;
}

/**
 * Where spans go. The span above is always named, as the traceparent that requests, events and records carry anyway: no
 * ambient context, whose bookkeeping would slow every await down.
 */
export interface Tracing {
  /** False: nothing is recorded, and whoever asks first saves the work of describing spans. */
  readonly enabled: boolean;
  begin(span: SpanStart): RunningSpan;
  /** @returns the span's own traceparent */
  record(span: FinishedSpan): string;
}

/** Nothing is traced. Never asked, because it is not enabled. */
export const noTracing: Tracing = {
  enabled: false,
  begin: () => ({ traceparent: '', end: () => undefined }),
  record: () => '',
};
