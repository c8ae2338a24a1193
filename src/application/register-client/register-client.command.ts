import { Command } from '@nestjs/cqrs';
import type { PresentedIdempotencyKey } from '../../platform/http/idempotency-key.js';
import type { ReceivedBody } from '../admission/received-body.js';
import type { RequestOrigin } from '../admission/request-origin.js';
import type { RegistrationResult } from '../client-configuration/registered-client.js';

/** Which path a registration came by; `protected`: only with an initial access token, whatever the realm's mode (T-07). */
export type RegistrationDoor = 'realm' | 'protected';

/** Registers a client dynamically (RFC 7591 section 3.1). */
export class RegisterClient extends Command<RegistrationResult> {
  constructor(
    readonly realm: string,
    readonly body: ReceivedBody,
    /** The bearer token of the request: an initial access token, judged even where none is needed. */
    readonly bearer: string | null,
    readonly origin: RequestOrigin,
    readonly door: RegistrationDoor,
    /** Recognises the request when it is sent again. */
    readonly idempotencyKey: PresentedIdempotencyKey,
  ) {
    super();
  }
}
