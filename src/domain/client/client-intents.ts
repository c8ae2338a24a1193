import type { NewEvent } from '../../contract/events/index.js';
import type { Sealed } from '../../contract/sealed.js';
import { clientStanding, type ClientState } from './client-state.js';

/** Why an intent on a client does not apply to where the client stands. */
export type IntentRefusal =
  | { readonly reason: 'client_not_found' }
  | { readonly reason: 'nothing_to_review'; readonly status: string }
  | { readonly reason: 'version_moved'; readonly version: number }
  | { readonly reason: 'already_suspended' }
  | { readonly reason: 'not_suspended' };

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

/** Lifts the operator's hold, and no other. */
export function reinstateClient(client: ReviewedClient | undefined, ask: OperatorAsk): IntentOutcome {
  const existing = existingClient(client, ask);
  if ('refusal' in existing) return existing;
  const { state } = existing;
  const hold = state.holds.find((each) => each.kind === 'operator');
  if (!hold) return { refusal: { reason: 'not_suspended' } };
  const data = { client_id: state.client_id, hold_id: hold.hold_id, reason: ask.reason };
  return { events: [{ type: 'client.reinstated', data }] };
}

/** Deletes the client for an operator, whatever holds it has. */
export function deleteClientAsOperator(client: ReviewedClient | undefined, ask: OperatorAsk): IntentOutcome {
  const existing = existingClient(client, ask);
  if ('refusal' in existing) return existing;
  const data = { client_id: existing.state.client_id, by: 'operator', reason: ask.reason } as const;
  return { events: [{ type: 'client.deleted', data }] };
}

function existingClient(
  client: ReviewedClient | undefined,
  ask: OperatorAsk,
): ReviewedClient | { refusal: IntentRefusal } {
  if (!client || clientStanding(client.state, ask.now) === 'gone')
    return { refusal: { reason: 'client_not_found' } };
  if (ask.version !== null && ask.version !== client.version) {
    return { refusal: { reason: 'version_moved', version: client.version } };
  }
  return client;
}
