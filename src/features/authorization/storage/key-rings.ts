import type { RealmKeys, SigningKeys } from './realm-keys.js';

/** A realm's keys at one moment. */
export interface KeyRing {
  readonly signing: SigningKeys;
  /** Keys of cookies, the one in force first. */
  readonly cookies: readonly string[];
}

/** After so long an instance looks again whether there are other keys; requests do not wait for it. */
const FRESH_MS = 2_000;
/** After so long a request waits for that look: no key that was withdrawn is used longer. */
const USABLE_MS = 4_000;

interface Remembered {
  readonly ring: KeyRing;
  /** Milliseconds, monotonic. */
  readonly since: number;
}

/**
 * The keys of each realm as this instance uses them. They are looked up beside the requests, so that a rotation needs no
 * restart: a new key is in the JWKS of every instance within seconds, long before it signs, and a withdrawn one is gone.
 */
export class KeyRings {
  private readonly remembered = new Map<string, Remembered>();
  private readonly looking = new Map<string, Promise<KeyRing>>();

  constructor(private readonly keys: RealmKeys) {}

  /**
   * The keys of a realm; the same object as long as they are the same.
   *
   * @throws what the database throws, when the keys are too old to be used unseen
   */
  of(realm: string): KeyRing | Promise<KeyRing> {
    const known = this.remembered.get(realm);
    const age = known ? performance.now() - known.since : Number.POSITIVE_INFINITY;
    if (known && age < FRESH_MS) return known.ring;
    const look = this.look(realm);
    if (!known || age >= USABLE_MS) return look;
    // The next request tries again, and one day waits for the answer.
    look.catch(() => undefined);
    return known.ring;
  }

  private look(realm: string): Promise<KeyRing> {
    let looking = this.looking.get(realm);
    if (!looking) {
      looking = this.load(realm).finally(() => this.looking.delete(realm));
      this.looking.set(realm, looking);
    }
    return looking;
  }

  private async load(realm: string): Promise<KeyRing> {
    const since = performance.now();
    const [signing, cookies] = await Promise.all([this.keys.signing(realm), this.keys.cookies(realm)]);
    const known = this.remembered.get(realm)?.ring;
    const fresh = { signing, cookies };
    const ring = known && isSame(known, fresh) ? known : fresh;
    this.remembered.set(realm, { ring, since });
    return ring;
  }
}

function isSame(one: KeyRing, other: KeyRing): boolean {
  const names = ({ signing, cookies }: KeyRing): string =>
    [signing.private.kid, ...signing.public.map((key) => key.kid), ...cookies].join();
  return names(one) === names(other);
}
