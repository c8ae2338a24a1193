import {
  projectInitialAccessToken,
  type InitialAccessTokenState,
} from '../../domain/initial-access-token/initial-access-token.js';
import { projectPolicyBinding, type PolicyBindingState } from '../../domain/policy/policy-binding.js';
import { projectUsage, type UsageState } from '../../domain/client/project-usage.js';
import { projectRealm } from '../../domain/realm/project-realm.js';
import type { RealmState } from '../../domain/realm/realm-state.js';
import type { InlineProjection } from '../../platform/event-log/inline-projection.js';
import { clientDirectoryProjection } from './client-directory.projection.js';

const initialAccessTokens: InlineProjection<InitialAccessTokenState> = {
  streamType: 'initial_access_token',
  table: 'initial_access_tokens',
  project: projectInitialAccessToken,
  columns: (state) => ({ realm: state.realm, token_id: state.token_id, issued_at: state.issued_at }),
};

const realms: InlineProjection<RealmState> = {
  streamType: 'realm',
  table: 'realms',
  project: projectRealm,
  columns: (state) => ({ name: state.name }),
};

const policyBindings: InlineProjection<PolicyBindingState> = {
  streamType: 'policy',
  table: 'policy_bindings',
  project: projectPolicyBinding,
  columns: (state) => ({ realm: state.realm }),
};

const clientUsage: InlineProjection<UsageState> = {
  streamType: 'usage',
  table: 'client_usage',
  project: projectUsage,
  columns: ({ realm, client_id, first_used_at, last_used_at }) => ({
    realm,
    client_id,
    first_used_at,
    last_used_at,
  }),
};

/** Everything that the append writes beside the events. */
export const inlineProjections = [
  clientDirectoryProjection,
  initialAccessTokens,
  realms,
  policyBindings,
  clientUsage,
] as unknown as readonly InlineProjection[];
