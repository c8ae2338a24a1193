import type { AnyEvent } from '../../contract/events/index.js';

/** When a client was used: the fold of its usage stream. */
export interface UsageState {
  readonly realm: string;
  readonly client_id: string;
  /** RFC 3339. */
  readonly first_used_at: string;
  /** RFC 3339; up to an hour behind. */
  readonly last_used_at: string;
}

/** Folds one event into a client's usage. Total: an event of another kind changes nothing. */
export function projectUsage(state: UsageState | undefined, event: AnyEvent): UsageState | undefined {
  if (event.type !== 'client.used') return state;
  return {
    realm: event.realm,
    client_id: event.data.client_id,
    first_used_at: state?.first_used_at ?? event.occurred_at,
    last_used_at: event.occurred_at,
  };
}
