import type { ClientState } from '../../domain/client/client-state.js';
import { projectClient } from '../../domain/client/project-client.js';
import type { InlineProjection } from '../../platform/event-log/inline-projection.js';

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
  }),
};

function textMember(state: ClientState, member: string): string | null {
  const value = state.metadata.members[member];
  return typeof value === 'string' ? value : null;
}
