/** A secret as it is kept: 256 random bits are stored as their digest, never in clear. */
export interface Credential {
  /** Public id, for logs and rotation. */
  readonly id: string;
  readonly alg: 'sha256';
  /** SHA-256 of the whole credential text, base64url. */
  readonly digest: string;
  /** RFC 3339. */
  readonly created_at: string;
  /** RFC 3339; null = never. */
  readonly expires_at: string | null;
}
