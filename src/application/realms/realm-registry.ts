import type { RealmState } from '../../domain/realm/realm-state.js';

/** A realm with the version of its stream, which decisions made under it require at append. */
export interface RealmEntry {
  readonly state: RealmState;
  readonly version: number;
  /** SHA-256 of its last event, base64url. */
  readonly hash: string;
}

/** The realms of this service, remembered for a moment and checked by version at every append. */
export abstract class RealmRegistry {
  /** The realm's entry, or undefined for a name nobody configured. */
  abstract find(name: string): Promise<RealmEntry | undefined>;
  /** Forgets what is in memory, after an append said that it is behind. */
  abstract forget(name: string): void;

  /** @throws UnknownRealm */
  async get(name: string): Promise<RealmEntry> {
    const entry = await this.find(name);
    if (!entry) throw new UnknownRealm(name);
    return entry;
  }
}

/** Nobody configured a realm of that name; routes exist for configured realms only, so this is a defect. */
export class UnknownRealm extends Error {
  constructor(name: string) {
    super(`there is no realm ${JSON.stringify(name)}`);
  }
}

/** The realm that exists from the first start on and answers at the root of PUBLIC_URL. */
export const DEFAULT_REALM = 'default';
