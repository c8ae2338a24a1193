import type { RealmConfiguration } from '../realm.js';
import type { Sealed } from '../sealed.js';

/** A realm was created or changed; the whole configuration, not a difference. */
export interface RealmConfigured {
  readonly name: string;
  readonly configuration: RealmConfiguration;
  /** Operators say why; null when the service configured itself at first start. */
  readonly reason: Sealed | null;
}
