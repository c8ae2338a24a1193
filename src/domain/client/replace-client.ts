import type { ClientMetadata } from '../../contract/client-metadata.js';
import type { Credential, RegistrationAccessToken } from '../../contract/credential.js';
import type { NewEvent } from '../../contract/events/index.js';
import type { ClientStatement } from '../../contract/software-statement.js';
import type { PolicyDecision } from '../policy/policy-decision.js';
import { isHalfOver, liveCredentials } from './client-secrets.js';
import type { ClientState } from './client-state.js';
import { needsSecret } from './register-client.js';

/** Everything a replacement is decided on. */
export interface ReplacementAsk {
  /** The whole new metadata (M-20), contacts sealed. */
  readonly metadata: ClientMetadata;
  /** The software statement behind it, new or from before, sealed. */
  readonly statement?: ClientStatement | undefined;
  readonly decision: PolicyDecision;
  /** Whether the whole effective metadata is what is in force already. */
  readonly unchanged: boolean;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** A fresh secret, used only where the client needs one. */
  readonly secret: Credential;
  /** From now on. */
  readonly registration_access_token: RegistrationAccessToken;
}

/**
 * Replaces a client's metadata. What the policy allows is in force at once. What it wants reviewed replaces the request
 * of a client that is itself still waiting; for an active client it waits beside what is in force, so that a review never
 * takes a working client down (M-26). Sending what is in force already is no change: a person has looked at it before.
 */
export function replaceClient(state: ClientState, ask: ReplacementAsk): readonly NewEvent[] {
  const reviewed = ask.decision.outcome === 'review';
  const approvedBefore = reviewed && ask.unchanged && state.status === 'active';
  const waits = reviewed && !approvedBefore && state.status === 'active';
  return [
    {
      type: 'client.replaced',
      data: {
        client_id: state.client_id,
        disposition: waits ? 'awaiting_review' : 'in_force',
        status: reviewed && state.status === 'pending' ? 'pending' : 'active',
        metadata: ask.metadata,
        ...(ask.statement && { software_statement: ask.statement }),
        secrets: waits ? state.secrets : secretsAfter(state, ask),
        registration_access_token: ask.registration_access_token,
        obligations: approvedBefore ? state.obligations : ask.decision.obligations,
        reviews: reviewed && !approvedBefore ? ask.decision.reviews : [],
        warnings: ask.decision.warnings,
      },
    },
  ];
}

/**
 * M-29: a method that needs a secret gets one where none is live; a method that needs none loses what there was. Expired
 * secrets go: a replacement is how a client gets out of an expiry. Past half of its life a secret gets its
 * successor, and stays until its own end, so that a client that replaces in time never has none.
 */
function secretsAfter(state: ClientState, ask: ReplacementAsk): readonly Credential[] {
  if (!needsSecret(ask.metadata)) return [];
  const live = liveCredentials(state.secrets, ask.now);
  const newest = live.at(-1);
  return newest && !isHalfOver(newest, ask.now) ? live : [...live, ask.secret];
}
