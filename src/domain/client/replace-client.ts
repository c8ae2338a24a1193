import type { ClientMetadata } from '../../contract/client-metadata.js';
import type { Credential } from '../../contract/credential.js';
import type { NewEvent } from '../../contract/events/index.js';
import type { PolicyDecision } from '../policy/policy-decision.js';
import type { ClientState } from './client-state.js';
import { needsSecret } from './register-client.js';

/** Everything a replacement is decided on. */
export interface ReplacementAsk {
  /** The whole new metadata (M-20), contacts sealed. */
  readonly metadata: ClientMetadata;
  readonly decision: PolicyDecision;
  /** A fresh secret, used only where the client needs one and has none. */
  readonly secret: Credential;
  readonly registration_access_token: Credential;
}

/**
 * Replaces a client's metadata. What the policy allows is in force at once. What it wants reviewed replaces the request
 * of a client that is itself still waiting; for an active client it waits beside what is in force, so that a review never
 * takes a working client down (M-26).
 */
export function replaceClient(state: ClientState, ask: ReplacementAsk): readonly NewEvent[] {
  const waits = ask.decision.outcome === 'review' && state.status === 'active';
  const secrets = waits ? state.secrets : secretsAfter(state, ask);
  return [
    {
      type: 'client.replaced',
      data: {
        client_id: state.client_id,
        disposition: waits ? 'awaiting_review' : 'in_force',
        status: ask.decision.outcome === 'allow' || waits ? 'active' : 'pending',
        metadata: ask.metadata,
        secrets,
        registration_access_token: ask.registration_access_token,
        obligations: ask.decision.obligations,
        reviews: ask.decision.outcome === 'review' ? ask.decision.reviews : [],
      },
    },
  ];
}

/** M-29: a method that needs a secret gets one where there is none; a method that needs none loses what there was. */
function secretsAfter(state: ClientState, ask: ReplacementAsk): readonly Credential[] {
  if (!needsSecret(ask.metadata)) return [];
  return state.secrets.length > 0 ? state.secrets : [ask.secret];
}
