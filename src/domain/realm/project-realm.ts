import type { AnyEvent } from '../../contract/events/index.js';
import type { RealmState } from './realm-state.js';

/** Folds `realm.configured`: each event carries the whole configuration. */
export function projectRealm(state: RealmState | undefined, event: AnyEvent): RealmState | undefined {
  if (event.type !== 'realm.configured') return state;
  return { ...event.data.configuration, name: event.data.name, configured_at: event.occurred_at };
}
