import { millisecondsOf } from '../../contract/timestamp.js';
import type { ClientState } from '../../domain/client/client-state.js';
import { priorStanding } from '../../domain/client/prior-standing.js';
import { projectClient } from '../../domain/client/project-client.js';
import { timestamp } from '../../platform/clock.js';
import type { InlineProjection } from '../../platform/event-log/inline-projection.js';
import { metadataFingerprint } from '../admission/metadata-fingerprint.js';

/** The client directory as an inline projection: `client:*` streams into `client_directory`. */
export const clientDirectoryProjection: InlineProjection<ClientState> = {
  streamType: 'client',
  table: 'client_directory',
  project: projectClient,
  columns: (state) => ({
    realm: state.realm,
    client_id: state.client_id,
    status: state.status,
    suspended: state.holds.length > 0,
    channel: state.channel,
    client_name: textMember(state, 'client_name'),
    software_id: textMember(state, 'software_id'),
    waiting: state.status === 'pending' || state.pending_change !== null,
    created_at: state.created_at,
    expires_at: state.expires_at,
    ...standingColumns(state),
  }),
};

const STANDING_DAYS = 30;

/** Only for clients against which something stands: the others have no fingerprint to be found by, and pay for none. */
function standingColumns(state: ClientState): Readonly<Record<string, unknown>> {
  const standing = priorStanding(state);
  if (!standing) return {};
  const { outcome, lapsesFrom } = standing;
  return {
    standing: outcome,
    standing_until:
      lapsesFrom === null ? null : timestamp(millisecondsOf(lapsesFrom) + STANDING_DAYS * 86_400_000),
    fingerprint: metadataFingerprint(state.metadata),
  };
}

function textMember(state: ClientState, member: string): string | null {
  const value = state.metadata.members[member];
  return typeof value === 'string' ? value : null;
}
