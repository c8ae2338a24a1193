import { Command } from '@nestjs/cqrs';
import type { Initiator } from '../admission/initiator.js';
import type { RequestOrigin } from '../admission/request-origin.js';
import type { PolicyBinding } from './policy-bindings.js';

/** Makes a kept bundle the realm's policy. Judges new requests; existing clients keep their standing. */
export class ActivatePolicy extends Command<PolicyBinding | undefined> {
  constructor(
    readonly realm: string,
    /** SHA-256 of the bundle, hex. */
    readonly digest: string,
    /** `if_none`: only where the realm has no policy yet, as at first start. */
    readonly when: 'always' | 'if_none',
    readonly initiator: Initiator,
    readonly origin: RequestOrigin,
  ) {
    super();
  }
}
