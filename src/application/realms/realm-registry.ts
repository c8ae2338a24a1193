import type { RealmState } from '../../domain/realm/realm-state.js';

/** A realm with the version of its stream, which decisions made under it require at append. */
export interface RealmEntry {
  readonly state: RealmState;
  readonly version: number;
}

/** The realms this instance serves, kept in memory and checked by version at every append. */
export abstract class RealmRegistry {
  /** The realm's entry, or undefined for a name nobody configured. */
  abstract find(name: string): Promise<RealmEntry | undefined>;
  /** Forgets what is in memory, after an append said that it is behind. */
  abstract forget(name: string): void;
}

/** The realm that exists from the first start on and answers at the root of PUBLIC_URL. */
export const DEFAULT_REALM = 'default';
