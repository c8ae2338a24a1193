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
  readonly request?: RequestTrace;
  readonly policy?: PolicyTrace;
}

/** Builds the part of the envelope that the events of one request share, with its personal fields sealed. */
@Injectable()
export class EventContexts {
  constructor(private readonly sealer: Sealer) {}

  async build({ realm, now, actor, origin, request, policy }: ContextParts): Promise<EventContext> {
    const occurredAt = timestamp(now);
    return {
      realm,
      occurred_at: occurredAt,
      actor,
      source: await this.source(realm, occurredAt, origin),
      request: request ?? null,
      correlation_id: origin.correlationId,
      causation_id: null,
      traceparent: origin.traceparent,
      policy: policy ?? null,
    };
  }

  private async source(realm: string, occurredAt: string, origin: RequestOrigin): Promise<Source> {
    const key = sealingKeys.day(realm, occurredAt);
    const seal = async (value: string | null) => (value === null ? null : this.sealer.seal(key, value));
    return { ip: await seal(origin.ip), user_agent: await seal(origin.userAgent) };
  }
}
