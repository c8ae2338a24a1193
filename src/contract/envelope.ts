import type { Sealed } from './sealed.js';

/** Who made the change. Ids of people and addresses are sealed; ids of machines (tokens, clients) are not. */
export interface Actor {
  readonly kind: 'anonymous' | 'initial_access_token' | 'client' | 'operator' | 'system';
  /** Id of the token, client or operator; null for anonymous callers and the system itself. */
  readonly id: string | Sealed | null;
  /** How the actor proved who they are, e.g. `registration_access_token` or `admin_token`. */
  readonly method: string | null;
}

/** Where the request came from; both members are personal data. */
export interface Source {
  readonly ip: Sealed | null;
  readonly user_agent: Sealed | null;
}

/** What was asked, without its content. */
export interface RequestTrace {
  /** SHA-256 of the request body as received, base64url. */
  readonly body_sha256: string;
  /** Names (never values) of members that were not understood and therefore dropped (RFC 7591 section 2). */
  readonly ignored_members: readonly string[];
}

/** Which policy decided, and on what. */
export interface PolicyTrace {
  readonly decision_id: string;
  /** SHA-256 of the bundle file, hex. */
  readonly bundle_digest: string;
  readonly revision: string;
  /** SHA-256 of the canonical bytes of the stored decision input, base64url. */
  readonly input_sha256: string;
  readonly outcome: 'allow' | 'review' | 'deny';
}

/** What all events of one request share. */
export interface EventContext {
  readonly realm: string;
  /** The `now` that the policy saw: RFC 3339, UTC, milliseconds. */
  readonly occurred_at: string;
  readonly actor: Actor;
  readonly source: Source | null;
  readonly request: RequestTrace | null;
  readonly correlation_id: string;
  readonly causation_id: string | null;
  /** W3C Trace Context of the request: of its own span where the service traces, otherwise as received. */
  readonly traceparent: string | null;
  readonly policy: PolicyTrace | null;
}

/**
 * One entry of the log of record. Its RFC 8785 bytes are stored once, published unchanged and never rewritten.
 *
 * @typeParam Type the event's name, e.g. `client.registered`
 * @typeParam Data the event's own content
 */
export interface Envelope<Type extends string = string, Data = unknown> extends EventContext {
  /** UUID version 7. */
  readonly event_id: string;
  readonly type: Type;
  /** Version of the shape of `data`; part of the wire name. */
  readonly schema_version: number;
  readonly stream: string;
  /** 1 for the first event of the stream, then without gaps. */
  readonly version: number;
  /** SHA-256 of the bytes of the stream's previous event, base64url; null for the first. */
  readonly prev_event_hash: string | null;
  /** The instance that wrote the event. */
  readonly recorded_by: string;
  readonly data: Data;
}

/** The name on the wire and in Kafka headers, e.g. `clientele.client.registered.v1`. */
export function wireName(event: { readonly type: string; readonly schema_version: number }): string {
  return `clientele.${event.type}.v${event.schema_version}`;
}
