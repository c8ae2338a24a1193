import type { RealmConfiguration } from '../realm.js';

/** A realm was created or changed; the whole configuration, not a difference. */
export interface RealmConfigured {
  readonly name: string;
  readonly configuration: RealmConfiguration;
}
