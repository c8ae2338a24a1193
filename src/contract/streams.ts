/**
 * Stream names. A stream is the unit of order and of optimistic concurrency; its name is the Kafka key. Everything before
 * the first colon is the stream's type.
 */
export const streams = {
  /** One client; for a Client ID Metadata Document the client_id is the raw URL. */
  client: (realm: string, clientId: string) => `client:${realm}:${clientId}`,
  /** When a client was used; apart from the client, whose version must not move with it. */
  usage: (realm: string, clientId: string) => `usage:${realm}:${clientId}`,
  /** One initial access token (RFC 7591 section 1.2). */
  initialAccessToken: (id: string) => `initial_access_token:${id}`,
  /** The configuration of one realm. */
  realm: (name: string) => `realm:${name}`,
  /** The master key, over all realms. */
  masterKey: 'master_key',
  /** Which policy bundle judges a realm. */
  policy: (realm: string) => `policy:${realm}`,
  /** Blocks and emergency stops, over all realms. */
  stops: 'stops',
  /** A refusal stands alone: it must not move the version of any client. */
  refusal: (eventId: string) => `refusal:${eventId}`,
  /** Repeated registrations stand alone, too. */
  registeredAgain: (eventId: string) => `registered_again:${eventId}`,
  /** Neither does what was turned away before the policy was asked. */
  throttled: (eventId: string) => `throttled:${eventId}`,
} as const;

/** The type of a stream: the text before its first colon. */
export function streamType(stream: string): string {
  const colon = stream.indexOf(':');
  return colon < 0 ? stream : stream.slice(0, colon);
}
