import type { RealmConfiguration } from '../../contract/realm.js';

export type { Lifetimes, RealmConfiguration, Resource } from '../../contract/realm.js';

/** A realm as the realms table has it: the fold of its stream. */
export interface RealmState extends RealmConfiguration {
  readonly name: string;
  /** RFC 3339. */
  readonly configured_at: string;
}
