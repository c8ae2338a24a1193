/**
 * The client's time was over. At the end of its lifetime readers treated it as gone from `expires_at` on and this records
 * it; a client that nobody ever used is gone with this event.
 */
export interface ClientExpired {
  readonly client_id: string;
  /** RFC 3339: when it stopped to exist for readers. */
  readonly expired_at: string;
  /** `lifetime` where it is not said. */
  readonly cause?: 'lifetime' | 'unused';
}
