import { Injectable } from '@nestjs/common';
import type { Actor, EventContext, PolicyTrace, RequestTrace, Source } from '../../contract/envelope.js';
import { Sealer, sealingKeys } from '../../platform/crypto/sealer.js';
import { timestamp } from '../../platform/clock.js';
import type { RequestOrigin } from './request-origin.js';

/** What an event says about the request it came from. */
export interface ContextParts {
  readonly realm: string;
  /** Milliseconds since the epoch: the `now` of the decision. */
  readonly now: number;
  readonly actor: Actor;
  readonly origin: RequestOrigin;
  /** The origin's personal fields, where they are sealed already. */
  readonly source?: Source;
  readonly request?: RequestTrace;
  readonly policy?: PolicyTrace;
}

/** Builds the part of the envelope that the events of one request share, with its personal fields sealed. */
@Injectable()
export class EventContexts {
  constructor(private readonly sealer: Sealer) {}

  async build(parts: ContextParts): Promise<EventContext> {
    const { realm, now, actor, origin, request, policy } = parts;
    return {
      realm,
      occurred_at: timestamp(now),
      actor,
      source: parts.source ?? (await this.source(realm, now, origin)),
      request: request ?? null,
      correlation_id: origin.correlationId,
      causation_id: null,
      traceparent: origin.traceparent,
      policy: policy ?? null,
    };
  }

  /** Seals the caller's address and agent under the key of the realm and day. */
  async source(realm: string, now: number, { ip, userAgent }: RequestOrigin): Promise<Source> {
    const key = sealingKeys.day(realm, timestamp(now));
    const seal = (value: string | null) => (value === null ? null : this.sealer.seal(key, value));
    return { ip: await seal(ip), user_agent: await seal(userAgent) };
  }
}
