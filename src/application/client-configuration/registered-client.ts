import type { ClientState } from '../../domain/client/client-state.js';
import type { Rejection } from '../../domain/rejection.js';

/** What an answer of RFC 7591 section 3.2.1 is built from. Secrets in clear exist here only, and only once. */
export interface RegisteredClient {
  /** With contacts and software statement in clear. */
  readonly state: ClientState;
  /** Version of the client's stream: the ETag. */
  readonly version: number;
  /** A secret that was issued just now. */
  readonly secret: string | null;
  /** The token to put into the answer; null where the registration has none. */
  readonly registrationAccessToken: string | null;
}

/** The client as it was registered, or is now; or why not. */
export type RegistrationResult =
  { readonly registered: RegisteredClient } | { readonly rejection: Rejection };
