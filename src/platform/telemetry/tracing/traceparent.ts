/** W3C Trace Context, section 3.2: what a `traceparent` header says. */
export interface TraceParent {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** 16 hexadecimal digits. */
  readonly spanId: string;
  /** Bit 0: whether the trace is recorded. */
  readonly flags: number;
}

const SYNTAX = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})$/;

/** @returns undefined for what is no traceparent, ids of zeros only included */
export function parseTraceparent(text: string | null | undefined): TraceParent | undefined {
  const parts = SYNTAX.exec(text ?? '');
  if (!parts) return undefined;
  return { traceId: parts[1]!, spanId: parts[2]!, flags: Number.parseInt(parts[3]!, 16) };
}

export function formatTraceparent({ traceId, spanId, flags }: TraceParent): string {
  return `00-${traceId}-${spanId}-${flags.toString(16).padStart(2, '0')}`;
}
