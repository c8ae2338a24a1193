/**
 * An authorization code or a token was issued to the client. Coarse: at its first use and then at most once an hour, on a
 * stream of its own, so that it moves no client's version.
 */
export interface ClientUsed {
  readonly client_id: string;
}
