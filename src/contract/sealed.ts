/**
 * A personal field as the log, the projections and Kafka carry it: AES-256-GCM ciphertext of the UTF-8 JSON of the value.
 * Destroying the key erases the field everywhere at once, and no hash over these bytes changes.
 */
export interface Sealed {
  readonly $sealed: {
    /** Id of the sealing key, as in `sealing_keys`. */
    readonly key: string;
    /** 96-bit nonce, base64url. */
    readonly nonce: string;
    /** Ciphertext followed by the 128-bit tag, base64url. */
    readonly ciphertext: string;
  };
}

/** Tells whether a JSON value is a sealed field. */
export function isSealed(value: unknown): value is Sealed {
  return typeof value === 'object' && value !== null && '$sealed' in value;
}
