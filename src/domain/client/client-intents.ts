import type { NewEvent } from '../../contract/events/index.js';
import type { Sealed } from '../../contract/sealed.js';
import { clientStanding, type ClientState } from './client-state.js';

/** Why an intent on a client does not apply to where the client stands. */
export type IntentRefusal =
  | { readonly reason: 'client_not_found' }
  | { readonly reason: 'nothing_to_review'; readonly status: string }
  | { readonly reason: 'version_moved'; readonly version: number }
  | { readonly reason: 'already_suspended' }
  | { readonly reason: 'not_suspended' }
  | { readonly reason: 'no_client_secret'; readonly method: string }
  | { readonly reason: 'too_many_secrets'; readonly live: number }
  | { readonly reason: 'not_managed_by_itself' };

export type IntentOutcome = { readonly events: readonly NewEvent[] } | { readonly refusal: IntentRefusal };

/** The client as an operator meets it. */
export interface ReviewedClient {
  readonly state: ClientState;
  readonly version: number;
}

/** What an operator gives with every change. */
export interface OperatorAsk {
  readonly reason: Sealed;
  /** The version the operator looked at; null = whatever is there. */
  readonly version: number | null;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Lets a pending client in, or puts its waiting change in force. */
export function approveClient(client: ReviewedClient | undefined, ask: OperatorAsk): IntentOutcome {
  return review(client, ask, (subject, state, version) => ({
    type: 'client.approved',
    data: { client_id: state.client_id, subject, approved_version: version, reason: ask.reason },
  }));
}

/** Turns a pending client away, or discards its waiting change. */
export function denyClient(client: ReviewedClient | undefined, ask: OperatorAsk): IntentOutcome {
  return review(client, ask, (subject, state) => ({
    type: 'client.denied',
    data: { client_id: state.client_id, subject, reason: ask.reason },
  }));
}

function review(
  client: ReviewedClient | undefined,
  ask: OperatorAsk,
  event: (subject: 'client' | 'change', state: ClientState, version: number) => NewEvent,
): IntentOutcome {
  const existing = existingClient(client, ask);
  if ('refusal' in existing) return existing;
  const { state, version } = existing;
  if (state.status === 'pending') return { events: [event('client', state, version)] };
  if (state.pending_change) return { events: [event('change', state, version)] };
  return { refusal: { reason: 'nothing_to_review', status: state.status } };
}

/** Places an operator's hold: the client is suspended until an operator lifts it. */
export function suspendClient(
  client: ReviewedClient | undefined,
  ask: OperatorAsk & { hold_id: string },
): IntentOutcome {
  const existing = existingClient(client, ask);
  if ('refusal' in existing) return existing;
  const { state } = existing;
  if (state.holds.some((hold) => hold.kind === 'operator'))
    return { refusal: { reason: 'already_suspended' } };
  const data = {
    client_id: state.client_id,
    hold_id: ask.hold_id,
    kind: 'operator',
    reason: ask.reason,
  } as const;
  return { events: [{ type: 'client.suspended', data }] };
}

/**
 * Lifts the operator's hold, and no other. A client that is gone stays gone; what it left behind against others like it, its
 * hold or its denial, is lifted.
 */
export function reinstateClient(client: ReviewedClient | undefined, ask: OperatorAsk): IntentOutcome {
  const existing = client && leftBehind(client.state) ? unmoved(client, ask) : existingClient(client, ask);
  if ('refusal' in existing) return existing;
  const { state } = existing;
  const hold = operatorHold(state);
  if (hold) {
    const data = { client_id: state.client_id, hold_id: hold.hold_id, reason: ask.reason };
    return { events: [{ type: 'client.reinstated', data }] };
  }
  if (isDenied(state)) {
    const data = { client_id: state.client_id, reason: ask.reason };
    return { events: [{ type: 'client.denial_lifted', data }] };
  }
  return { refusal: { reason: 'not_suspended' } };
}

function leftBehind(state: ClientState): boolean {
  return operatorHold(state) !== undefined || isDenied(state);
}

function operatorHold({ holds }: ClientState) {
  return holds.find((hold) => hold.kind === 'operator');
}

function isDenied({ status, denial_lifted_at }: ClientState): boolean {
  return status === 'denied' && denial_lifted_at === undefined;
}

/** Deletes the client for an operator, whatever holds it has. */
export function deleteClientAsOperator(client: ReviewedClient | undefined, ask: OperatorAsk): IntentOutcome {
  const existing = existingClient(client, ask);
  if ('refusal' in existing) return existing;
  const data = { client_id: existing.state.client_id, by: 'operator', reason: ask.reason } as const;
  return { events: [{ type: 'client.deleted', data }] };
}

/** The client an intent is about, where it is there and where the operator looked at it. */
export function existingClient(
  client: ReviewedClient | undefined,
  ask: OperatorAsk,
): ReviewedClient | { refusal: IntentRefusal } {
  if (!client || clientStanding(client.state, ask.now) === 'gone')
    return { refusal: { reason: 'client_not_found' } };
  return unmoved(client, ask);
}

function unmoved(client: ReviewedClient, ask: OperatorAsk): ReviewedClient | { refusal: IntentRefusal } {
  if (ask.version !== null && ask.version !== client.version) {
    return { refusal: { reason: 'version_moved', version: client.version } };
  }
  return client;
}
