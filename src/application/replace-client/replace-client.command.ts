import { Command } from '@nestjs/cqrs';
import type { IfMatch } from '../../platform/http/if-match.js';
import type { ReceivedBody } from '../admission/received-body.js';
import type { RequestOrigin } from '../admission/request-origin.js';
import type { RegistrationResult } from '../client-configuration/registered-client.js';

/** The client replaces its metadata, whole (RFC 7592 section 2.2). */
export class ReplaceClient extends Command<RegistrationResult> {
  constructor(
    readonly realm: string,
    readonly clientId: string,
    readonly body: ReceivedBody,
    /** The presented registration access token. */
    readonly bearer: string | null,
    readonly ifMatch: IfMatch | null,
    readonly origin: RequestOrigin,
  ) {
    super();
  }
}
