import { Query } from '@nestjs/cqrs';
import type { RequestOrigin } from '../admission/request-origin.js';
import type { RegistrationResult } from './registered-client.js';

/** Reads a client's registration for the client itself (RFC 7592 section 2.1). */
export class GetClientConfiguration extends Query<RegistrationResult> {
  constructor(
    readonly realm: string,
    readonly clientId: string,
    /** The presented registration access token. */
    readonly bearer: string | null,
    readonly origin: RequestOrigin,
  ) {
    super();
  }
}
