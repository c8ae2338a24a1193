import type { ClientMetadata } from '../client-metadata.js';
import type { Credential, RegistrationAccessToken } from '../credential.js';
import type { PolicyFinding, PolicyObligations } from '../policy.js';
import type { ClientStatement } from '../software-statement.js';

/** The client replaced its metadata (RFC 7592 section 2.2). */
export interface ClientReplaced {
  readonly client_id: string;
  /** `in_force`: takes effect now. `awaiting_review`: waits for a person, and what was in force stays so. */
  readonly disposition: 'in_force' | 'awaiting_review';
  /** The client's status from now on. */
  readonly status: 'pending' | 'active';
  readonly metadata: ClientMetadata;
  /** The software statement behind the metadata, new or from before; absent where there is none. */
  readonly software_statement?: ClientStatement;
  /** Every live secret from now on, digests only. */
  readonly secrets: readonly Credential[];
  /** From now on; rotates with every replacement unless the realm says otherwise. Digests only. */
  readonly registration_access_token: RegistrationAccessToken | null;
  readonly obligations: PolicyObligations;
  readonly reviews: readonly PolicyFinding[];
  readonly warnings: readonly PolicyFinding[];
}
