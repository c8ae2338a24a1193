import { Command } from '@nestjs/cqrs';
import type { IntentRefusal } from '../../domain/client/client-intents.js';
import type { Operator } from '../admission/operator.js';
import type { RequestOrigin } from '../admission/request-origin.js';
import type { DirectoryEntry } from '../directory/client-directory.js';

/** What an operator can do with a client. */
export type ClientIntent = 'approve' | 'deny' | 'suspend' | 'reinstate' | 'delete';

/** An operator's change of a client. Every one has a reason and is an event. */
export class OperateClient extends Command<
  { readonly client: DirectoryEntry } | { readonly refusal: IntentRefusal }
> {
  constructor(
    readonly intent: ClientIntent,
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
