import type { Channel } from '../client-metadata.js';
import type { PolicyFinding } from '../policy.js';

/** The policy denied a registration or a replacement. It has a stream of its own and moves no client. */
export interface RegistrationRefused {
  readonly action: 'register' | 'replace';
  readonly channel: Channel;
  /** The client that asked for the replacement; null for a registration. */
  readonly client_id: string | null;
  /** RFC 7591 section 3.2.2 error code that was answered. */
  readonly error: string;
  readonly violations: readonly PolicyFinding[];
  /** SHA-256 of the canonical effective metadata without contacts, base64url: the same request has the same value again. */
  readonly metadata_sha256: string;
}
