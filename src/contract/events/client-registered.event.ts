import type { Channel, ClientMetadata } from '../client-metadata.js';
import type { Credential } from '../credential.js';
import type { PolicyFinding, PolicyObligations, TokenConstraints } from '../policy.js';
import type { ClientStatement } from '../software-statement.js';

/** A client was admitted, at once (`active`) or waiting for a person (`pending`). */
export interface ClientRegistered {
  readonly client_id: string;
  readonly channel: Channel;
  readonly status: 'pending' | 'active';
  /** What was really registered, contacts sealed. */
  readonly metadata: ClientMetadata;
  /** The software statement it came with; absent where it came without one. */
  readonly software_statement?: ClientStatement;
  /** Whether identical registrations share the client: then nobody owns it. Absent = no. */
  readonly shared?: true;
  /** Digests only; empty for public clients and clients that authenticate with keys. */
  readonly secrets: readonly Credential[];
  /** Digest only; null where RFC 7592 is not offered. */
  readonly registration_access_token: Credential | null;
  /** Id of the initial access token that was used. */
  readonly initial_access_token: string | null;
  /** Limits of that token; they stick through every later replacement. */
  readonly constraints: TokenConstraints | null;
  readonly obligations: PolicyObligations;
  /** Why a person should look; empty when the policy allowed. */
  readonly reviews: readonly PolicyFinding[];
  /** What the policy wants people to know, without objecting. */
  readonly warnings: readonly PolicyFinding[];
  /** RFC 3339; null = the client does not expire. */
  readonly expires_at: string | null;
}
