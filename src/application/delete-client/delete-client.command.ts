import { Command } from '@nestjs/cqrs';
import type { Rejection } from '../../domain/rejection.js';
import type { IfMatch } from '../../platform/http/if-match.js';
import type { RequestOrigin } from '../admission/request-origin.js';

/** The client deletes its own registration (RFC 7592 section 2.3). */
export class DeleteClient extends Command<{ readonly deleted: true } | { readonly rejection: Rejection }> {
  constructor(
    readonly realm: string,
    readonly clientId: string,
    /** The presented registration access token. */
    readonly bearer: string | null,
    readonly ifMatch: IfMatch | null,
    readonly origin: RequestOrigin,
  ) {
    super();
  }
}
