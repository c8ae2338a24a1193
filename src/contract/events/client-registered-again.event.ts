/**
 * Registrations that were answered with a client that exists already, because they were identical and the profile folds them
 * (RFC 7591 section 5). Counted, at most one event per client, minute and instance; in a stream of its own, so that the
 * client's version stands still.
 */
export interface ClientRegisteredAgain {
  readonly client_id: string;
  /** How many since the event before. */
  readonly count: number;
  /** RFC 3339: the first of them. */
  readonly since: string;
}
