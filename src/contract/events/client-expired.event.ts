/** The client's time was over. Readers treated it as gone from `expires_at` on; this records it. */
export interface ClientExpired {
  readonly client_id: string;
  /** RFC 3339: when it stopped to exist for readers. */
  readonly expired_at: string;
}
