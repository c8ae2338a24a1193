import { Command } from '@nestjs/cqrs';
import type { Initiator } from '../admission/initiator.js';
import type { RequestOrigin } from '../admission/request-origin.js';
import type { PolicyBinding } from './policy-bindings.js';

/** Why a bundle does not become a realm's policy. */
export type ActivationRefusal =
  | { readonly reason: 'policy_not_found' }
  /** The realm is judged by a profile that the bundle does not have: everything would be unavailable. */
  | { readonly reason: 'profile_missing'; readonly profile: string };

/** Makes a kept bundle the realm's policy. Judges new requests; existing clients keep their standing. */
export class ActivatePolicy extends Command<
  { readonly binding: PolicyBinding } | { readonly refusal: ActivationRefusal }
> {
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
