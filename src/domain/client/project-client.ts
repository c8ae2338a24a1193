import type { AnyEvent } from '../../contract/events/index.js';
import type { ClientState } from './client-state.js';
import { needsSecret } from './register-client.js';

/**
 * Folds one event into a client's state: the only fold there is, for the inline directory, rebuilds and edges alike.
 * Total: an event of another kind, or for a client that was never registered, changes nothing.
 *
 * @param state the state before the event; undefined before `client.registered`
 */
export function projectClient(state: ClientState | undefined, event: AnyEvent): ClientState | undefined {
  if (!state && event.type === 'client.registered') {
    const { data } = event;
    return {
      realm: event.realm,
      client_id: data.client_id,
      channel: data.channel,
      status: data.status,
      holds: [],
      metadata: data.metadata,
      ...statementOf(data),
      ...(data.shared && { shared: data.shared }),
      secrets: data.secrets,
      registration_access_token: data.registration_access_token,
      constraints: data.constraints,
      initial_access_token: data.initial_access_token,
      obligations: data.obligations,
      reviews: data.reviews,
      warnings: data.warnings,
      pending_change: null,
      decision: decisionOf(event),
      created_at: event.occurred_at,
      updated_at: event.occurred_at,
      expires_at: data.expires_at,
    };
  }
  if (!state) return undefined;
  if (isOver(state) && !isAboutHolds(event) && event.type !== 'client.denial_lifted') return state;
  const changes = changesBy(state, event);
  return changes ? { ...state, ...changes, updated_at: event.occurred_at } : state;
}

/** The end of a client is final: nothing that might follow in its stream brings it or its credentials back. */
function isOver({ status }: ClientState): boolean {
  return status === 'denied' || status === 'expired' || status === 'deleted';
}

/** Holds are a dimension of their own: whoever places one need not know where the client stands. */
function isAboutHolds({ type }: AnyEvent): boolean {
  return type === 'client.suspended' || type === 'client.reinstated';
}

function changesBy(state: ClientState, event: AnyEvent): Partial<ClientState> | undefined {
  switch (event.type) {
    case 'client.replaced': {
      const { data } = event;
      const credentials = {
        secrets: data.secrets,
        registration_access_token: data.registration_access_token,
      };
      if (data.disposition === 'awaiting_review') {
        const { metadata, obligations, reviews, warnings } = data;
        const waiting = {
          metadata,
          ...statementOf(data),
          obligations,
          reviews,
          warnings,
          decision: decisionOf(event),
        };
        return { ...credentials, pending_change: { submitted_at: event.occurred_at, ...waiting } };
      }
      return {
        ...credentials,
        status: data.status,
        metadata: data.metadata,
        ...statementOf(data),
        obligations: data.obligations,
        reviews: data.reviews,
        warnings: data.warnings,
        pending_change: null,
        decision: decisionOf(event) ?? state.decision,
      };
    }
    case 'client.approved':
      return approved(state, event.data.subject);
    case 'client.denied':
      return event.data.subject === 'change'
        ? { pending_change: null }
        : { status: 'denied', ...noCredentials };
    case 'client.denial_lifted':
      return state.status === 'denied' ? { denial_lifted_at: event.occurred_at } : undefined;
    case 'client.suspended': {
      const { hold_id, kind } = event.data;
      return { holds: [...state.holds, { hold_id, kind, placed_at: event.occurred_at }] };
    }
    case 'client.reinstated':
      return { holds: state.holds.filter((hold) => hold.hold_id !== event.data.hold_id) };
    case 'client.secret_rotated':
      return { secrets: event.data.secrets };
    case 'client.registration_token_rotated':
      return { registration_access_token: event.data.registration_access_token };
    case 'client.expired':
      return { status: 'expired', ...noCredentials };
    case 'client.deleted':
      return { status: 'deleted', ...noCredentials };
    default:
      return undefined;
  }
}

/** Denied, expired and deleted clients keep no credential, so that nothing can ever match one. */
const noCredentials = { secrets: [], registration_access_token: null, pending_change: null } as const;

function approved(state: ClientState, subject: 'client' | 'change'): Partial<ClientState> {
  const trust = { trust: 'approved' } as const;
  const change = state.pending_change;
  if (subject === 'client' || !change) {
    return { status: 'active', reviews: [], obligations: { ...state.obligations, ...trust } };
  }
  return {
    metadata: change.metadata,
    ...statementOf(change),
    obligations: { ...change.obligations, ...trust },
    reviews: [],
    warnings: change.warnings,
    pending_change: null,
    decision: change.decision,
    secrets: needsSecret(change.metadata) ? state.secrets : [],
  };
}

/** The member, where there is one: clients without a statement have none, not an empty one. */
function statementOf({ software_statement }: Pick<ClientState, 'software_statement'>) {
  return software_statement && { software_statement };
}

function decisionOf(event: AnyEvent): ClientState['decision'] {
  if (!event.policy) return null;
  const { decision_id, bundle_digest, revision } = event.policy;
  return { decision_id, bundle_digest, revision };
}
