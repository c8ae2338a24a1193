import type { Channel, ClientMetadata } from '../../contract/client-metadata.js';
import type { Credential, RegistrationAccessToken } from '../../contract/credential.js';
import type { PolicyFinding, PolicyObligations, TokenConstraints } from '../../contract/policy.js';
import type { ClientStatement } from '../../contract/software-statement.js';
import { millisecondsOf } from '../../contract/timestamp.js';

export type ClientStatus = 'pending' | 'active' | 'denied' | 'expired' | 'deleted';

/** A client is suspended while it has at least one hold; each is lifted only by its own kind, never by the client. */
export interface Hold {
  readonly hold_id: string;
  readonly kind: 'operator' | 'document' | 'block' | 'stop';
  /** RFC 3339. */
  readonly placed_at: string;
}

/** A replacement of the metadata (RFC 7592 section 2.2) that the policy wants reviewed. */
export interface PendingChange {
  /** RFC 3339. */
  readonly submitted_at: string;
  readonly metadata: ClientMetadata;
  /** The statement behind that metadata; absent where there is none. */
  readonly software_statement?: ClientStatement;
  readonly obligations: PolicyObligations;
  readonly reviews: readonly PolicyFinding[];
  readonly warnings: readonly PolicyFinding[];
  readonly decision: DecisionReference | null;
}

/** Which decision something rests on; what `explain` starts from. */
export interface DecisionReference {
  readonly decision_id: string;
  readonly bundle_digest: string;
  readonly revision: string;
}

/** Where a client stands: the fold of its stream, and the content of its directory row. */
export interface ClientState {
  readonly realm: string;
  readonly client_id: string;
  readonly channel: Channel;
  readonly status: ClientStatus;
  readonly holds: readonly Hold[];
  readonly metadata: ClientMetadata;
  /** The software statement behind the metadata, and which members it set; absent where there is none. */
  readonly software_statement?: ClientStatement;
  /** Whether identical registrations share the client; absent = no. */
  readonly shared?: true;
  /** Live client secrets, newest last; empty for clients without one. */
  readonly secrets: readonly Credential[];
  readonly registration_access_token: RegistrationAccessToken | null;
  /** Limits of the initial access token the client came with; they stick through every later PUT (M-27). */
  readonly constraints: TokenConstraints | null;
  readonly initial_access_token: string | null;
  readonly obligations: PolicyObligations;
  /** What the policy wants a person to look at; empty for clients it allowed. */
  readonly reviews: readonly PolicyFinding[];
  /** What the policy wants people to know, without objecting. */
  readonly warnings: readonly PolicyFinding[];
  /** A replacement by the client that waits for a person; what is in force stays so until then. */
  readonly pending_change: PendingChange | null;
  readonly decision: DecisionReference | null;
  /** RFC 3339: from when on the denial of the client stands against nobody; absent unless an operator took it back. */
  readonly denial_lifted_at?: string;
  /** RFC 3339. */
  readonly created_at: string;
  readonly updated_at: string;
  /** RFC 3339; in the past = expired, whatever the status says. */
  readonly expires_at: string | null;
}

/** What a client may do, as DESIGN's table of states has it. `unknown` = every reason to answer as if it did not exist. */
export type ClientStanding = 'active' | 'pending' | 'suspended' | 'gone';

/**
 * Reduces status, holds and expiry to the standing that the endpoints act on.
 *
 * @param state the directory's state, or undefined for an unknown client_id
 * @param now milliseconds since the epoch, by the database's clock where it matters
 */
export function clientStanding(state: ClientState | undefined, now: number): ClientStanding {
  if (!state || state.status === 'denied' || state.status === 'expired' || state.status === 'deleted')
    return 'gone';
  if (state.expires_at !== null && millisecondsOf(state.expires_at) <= now) return 'gone';
  if (state.holds.length > 0) return 'suspended';
  return state.status;
}
