import { Injectable } from '@nestjs/common';
import type { Actor } from '../../contract/envelope.js';
import type { Sealed } from '../../contract/sealed.js';
import { Sealer } from '../../platform/crypto/sealer.js';
import type { Operator } from './operator.js';

/** Who changes the service itself: an operator, who says why, or the service at first start. */
export type Initiator = { readonly operator: Operator; readonly reason: string } | 'system';

/** An operator as events carry them: id and reason sealed. */
export interface SealedOperator {
  readonly actor: Actor;
  readonly reason: Sealed;
}

/** Seals who changes something, and why. */
@Injectable()
export class Initiators {
  constructor(private readonly sealer: Sealer) {}

  /** @param key name of the sealing key, from `sealingKeys` */
  async sealOperator({ id, method }: Operator, reason: string, key: string): Promise<SealedOperator> {
    return {
      actor: { kind: 'operator', id: await this.sealer.seal(key, id), method },
      reason: await this.sealer.seal(key, reason),
    };
  }

  /** The same where the service itself may be the one who changes. */
  async seal(
    initiator: Initiator,
    key: string,
  ): Promise<SealedOperator | { readonly actor: Actor; readonly reason: null }> {
    if (initiator === 'system') return { actor: { kind: 'system', id: null, method: null }, reason: null };
    return this.sealOperator(initiator.operator, initiator.reason, key);
  }
}
