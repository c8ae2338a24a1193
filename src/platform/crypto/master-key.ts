import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Wraps the keys that the service makes for itself (signing keys, cookie keys, sealing keys) before they touch the
 * database. Each purpose has its own key, derived with HKDF-SHA-256, so that a wrapped key of one purpose can never be
 * unwrapped as another.
 */
export class MasterKey {
  private readonly derived = new Map<string, Buffer>();

  /** @param secret at least 32 bytes of key material */
  constructor(private readonly secret: Buffer) {
    if (secret.length < 32) throw new RangeError('the master key needs at least 32 bytes');
  }

  /**
   * Encrypts key material.
   *
   * @param purpose what the key is for, e.g. `sealing`
   * @param name the key's id; bound into the ciphertext, so that rows cannot be swapped
   * @returns nonce, ciphertext and tag
   */
  wrap(purpose: string, name: string, plaintext: Buffer): Buffer {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(ALGORITHM, this.keyFor(purpose), nonce);
    cipher.setAAD(Buffer.from(name, 'utf8'));
    return Buffer.concat([nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
  }

  /**
   * Decrypts what `wrap` made.
   *
   * @throws Error when purpose, name or master key differ, or the bytes were altered
   */
  unwrap(purpose: string, name: string, wrapped: Buffer): Buffer {
    const nonce = wrapped.subarray(0, NONCE_BYTES);
    const tag = wrapped.subarray(wrapped.length - TAG_BYTES);
    const decipher = createDecipheriv(ALGORITHM, this.keyFor(purpose), nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(name, 'utf8'));
    decipher.setAuthTag(tag);
    return Buffer.concat([
      decipher.update(wrapped.subarray(NONCE_BYTES, wrapped.length - TAG_BYTES)),
      decipher.final(),
    ]);
  }

  /**
   * HMAC-SHA-256 of a text that may be guessable, such as an address: the same for every instance, and nothing to whoever
   * has only the database.
   *
   * @param purpose what the digest is for
   */
  digest(purpose: string, text: string): Buffer {
    return createHmac('sha256', this.keyFor(purpose)).update(text, 'utf8').digest();
  }

  private keyFor(purpose: string): Buffer {
    let key = this.derived.get(purpose);
    if (!key) {
      key = Buffer.from(hkdfSync('sha256', this.secret, Buffer.alloc(0), `clientele:${purpose}`, 32));
      this.derived.set(purpose, key);
    }
    return key;
  }
}
