import type { AnyEvent } from '../../contract/events/index.js';
import { completeRealm, type RealmState } from './realm-state.js';

/** Folds `realm.configured`: each event carries the whole configuration. */
export function projectRealm(state: RealmState | undefined, event: AnyEvent): RealmState | undefined {
  if (event.type !== 'realm.configured') return state;
  const { configuration, name } = event.data;
  return { ...completeRealm(configuration), name, configured_at: event.occurred_at };
}
