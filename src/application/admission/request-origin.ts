/** Where a request came from, as the edge verified it. The address and the agent are personal data: they are sealed. */
export interface RequestOrigin {
  /** From the socket, or from X-Forwarded-For when a trusted proxy said so. */
  readonly ip: string | null;
  readonly userAgent: string | null;
  readonly correlationId: string;
  /** W3C Trace Context of the request's own span, or as received where nothing is traced. */
  readonly traceparent: string | null;
}
