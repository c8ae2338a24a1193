import type { ClientState } from '../../domain/client/client-state.js';

/** One row of the directory. */
export interface DirectoryEntry {
  readonly state: ClientState;
  /** Version of the last `client.*` event; the ETag. */
  readonly version: number;
  /** SHA-256 of that event's bytes, base64url; what the next event of the stream chains on. */
  readonly hash: string;
}

/** A row as a lookup found it. */
export interface FoundClient extends DirectoryEntry {
  /** The database's time of the lookup, in milliseconds since the epoch: what expiry is judged by, on every instance. */
  readonly readAt: number;
}

/**
 * The client directory: what every endpoint reads. It is written in the append's own transaction and always read from the
 * primary, so that whatever was answered is true here (DESIGN promise 3).
 */
export abstract class ClientDirectory {
  /** The client's row, deleted and denied ones included; undefined when no such client_id was ever issued in the realm. */
  abstract find(realm: string, clientId: string): Promise<FoundClient | undefined>;
}
