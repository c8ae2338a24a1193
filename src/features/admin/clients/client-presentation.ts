import type { PolicyFinding } from '../../../contract/policy.js';
import type { ClientState } from '../../../domain/client/client-state.js';
import { clientInformationMembers } from '../../../domain/metadata/client-information.js';
import { describeFinding } from '../../../domain/policy/finding-texts.js';

/**
 * A client as operators see it (DESIGN section 12). Contacts are left out of lists and shown where one client is.
 *
 * @param entry state and version as the directory has them
 * @param lastUsedAt RFC 3339; null for a client that was never used
 */
export function presentClient(
  {
    state,
    version,
  }: {
    readonly state: ClientState;
    readonly version: number;
  },
  lastUsedAt: string | null,
): object {
  return {
    client_id: state.client_id,
    realm: state.realm,
    channel: state.channel,
    status: state.status,
    suspended: state.holds.length > 0,
    holds: state.holds,
    version,
    metadata: clientInformationMembers(state.metadata),
    software_statement: statementFacts(state),
    trust: state.obligations.trust ?? 'untrusted',
    verified_host: null,
    obligations: state.obligations,
    reviews: state.reviews.map(forOperators),
    warnings: state.warnings.map(forOperators),
    pending_change: state.pending_change && {
      submitted_at: state.pending_change.submitted_at,
      metadata: clientInformationMembers(state.pending_change.metadata),
      reviews: state.pending_change.reviews.map(forOperators),
      decision: state.pending_change.decision,
    },
    initial_access_token: state.initial_access_token,
    created_at: state.created_at,
    updated_at: state.updated_at,
    expires_at: state.expires_at,
    last_used_at: lastUsedAt,
    decision: state.decision,
  };
}

/** Who vouches for which members; every other member is the client's own word. */
function statementFacts({ software_statement: held }: ClientState): object | null {
  return held ? { issuer: held.issuer, sha256: held.sha256, members: held.members } : null;
}

function forOperators(finding: PolicyFinding): object {
  return describeFinding(finding, 'operator');
}
