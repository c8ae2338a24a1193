import { Command } from '@nestjs/cqrs';
import type { IntentRefusal } from '../../domain/client/client-intents.js';
import type { Operator } from '../admission/operator.js';
import type { RequestOrigin } from '../admission/request-origin.js';
import type { DirectoryEntry } from '../directory/client-directory.js';

/** Which credential of a client an operator replaces. */
export type RotatedCredential =
  | {
      readonly kind: 'client_secret';
      /** Seconds for which the secrets of before stay good; 0 = not at all. */
      readonly overlap: number;
    }
  | { readonly kind: 'registration_access_token' };

/** The credential's text exists here and in the one answer, and nowhere else. */
export interface IssuedCredential {
  readonly client: DirectoryEntry;
  readonly text: string;
}

/** An operator gives a client a new secret or a new registration access token. */
export class RotateCredential extends Command<IssuedCredential | { readonly refusal: IntentRefusal }> {
  constructor(
    readonly credential: RotatedCredential,
    readonly realm: string,
    readonly clientId: string,
    readonly reason: string,
    /** The version the operator looked at; another one refuses the change. Null = whatever is there. */
    readonly version: number | null,
    readonly operator: Operator,
    readonly origin: RequestOrigin,
  ) {
    super();
  }
}
