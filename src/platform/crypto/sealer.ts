import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { Pool } from 'pg';
import type { JsonValue } from '../../contract/json.js';
import type { Sealed } from '../../contract/sealed.js';
import type { MasterKey } from './master-key.js';
import { random } from './random.js';

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const MOST_CACHED_KEYS = 2_000;

/** Names of sealing keys. What is sealed with one key is erased with it. */
export const sealingKeys = {
  /** Addresses, user agents and anonymous actors of one realm and UTC day; destroyed by age. */
  day: (realm: string, timestamp: string) => `day:${realm}:${timestamp.slice(0, 10)}`,
  /** Contacts, operator ids and comments about one client; made only when there is something to seal. */
  client: (realm: string, clientId: string) => `client:${realm}:${clientId}`,
  /** Seals nothing of worth: it proves at every start that the master key is the one that wrapped the others. */
  proof: 'proof',
  /** Operator ids and comments about a realm's other things, e.g. its initial access tokens. */
  realm: (realm: string) => `realm:${realm}`,
} as const;

/**
 * Seals personal fields before they reach the log. Keys are made on first use and lie wrapped in `sealing_keys`; a key
 * that exists without anything sealed by it is harmless, so keys are committed before the append that uses them.
 */
export class Sealer {
  private readonly cache = new Map<string, Promise<Buffer | undefined>>();

  constructor(
    private readonly pool: Pool,
    private readonly masterKey: MasterKey,
  ) {}

  /**
   * Seals a JSON value under the named key, which is made if it does not exist.
   *
   * @throws Error when the key store cannot be reached
   */
  async seal(keyId: string, value: JsonValue): Promise<Sealed> {
    const key = await this.key(keyId, 'make');
    if (!key) throw new Error('a sealing key was destroyed while it was in use');
    const nonce = random(NONCE_BYTES);
    const cipher = createCipheriv(ALGORITHM, key, nonce);
    cipher.setAAD(Buffer.from(keyId, 'utf8'));
    const ciphertext = Buffer.concat([
      cipher.update(JSON.stringify(value), 'utf8'),
      cipher.final(),
      cipher.getAuthTag(),
    ]);
    return {
      $sealed: {
        key: keyId,
        nonce: nonce.toString('base64url'),
        ciphertext: ciphertext.toString('base64url'),
      },
    };
  }

  /**
   * Opens a sealed value.
   *
   * @returns the value, or undefined when its key was destroyed: the field is erased
   * @throws Error when the ciphertext was altered
   */
  async unseal({ $sealed }: Sealed): Promise<JsonValue | undefined> {
    const key = await this.key($sealed.key, 'find');
    if (!key) return undefined;
    const bytes = Buffer.from($sealed.ciphertext, 'base64url');
    const decipher = createDecipheriv(ALGORITHM, key, Buffer.from($sealed.nonce, 'base64url'), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(Buffer.from($sealed.key, 'utf8'));
    decipher.setAuthTag(bytes.subarray(bytes.length - TAG_BYTES));
    const text = Buffer.concat([
      decipher.update(bytes.subarray(0, bytes.length - TAG_BYTES)),
      decipher.final(),
    ]);
    return JSON.parse(text.toString('utf8')) as JsonValue;
  }

  private async key(keyId: string, absent: 'make' | 'find'): Promise<Buffer | undefined> {
    const cached = this.cache.get(keyId);
    // Who seals does not settle for what somebody else learns who only looks: that there is no key yet.
    const known = cached && (await cached);
    if (known || (cached && absent === 'find')) return known;
    const loading = this.load(keyId, absent);
    if (this.cache.size >= MOST_CACHED_KEYS) this.cache.delete(this.cache.keys().next().value!);
    this.cache.set(keyId, loading);
    try {
      const key = await loading;
      if (!key) this.cache.delete(keyId);
      return key;
    } catch (error) {
      this.cache.delete(keyId);
      throw error;
    }
  }

  private async load(keyId: string, absent: 'make' | 'find'): Promise<Buffer | undefined> {
    const wrapped = absent === 'make' ? await this.insert(keyId) : await this.select(keyId);
    return wrapped && this.masterKey.unwrap('sealing', keyId, wrapped);
  }

  private async insert(keyId: string): Promise<Buffer | undefined> {
    const answer = await this.pool.query<{ wrapped: Buffer }>({
      name: 'sealing_key_insert',
      text: 'insert into sealing_keys (key_id, wrapped) values ($1, $2) on conflict do nothing returning wrapped',
      values: [keyId, this.masterKey.wrap('sealing', keyId, randomBytes(32))],
    });
    return answer.rows[0]?.wrapped ?? (await this.select(keyId));
  }

  private async select(keyId: string): Promise<Buffer | undefined> {
    const answer = await this.pool.query<{ wrapped: Buffer }>({
      name: 'sealing_key_select',
      text: 'select wrapped from sealing_keys where key_id = $1',
      values: [keyId],
    });
    return answer.rows[0]?.wrapped;
  }
}
