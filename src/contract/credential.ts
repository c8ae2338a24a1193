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

/** A registration access token (RFC 7592 section 3). It never expires by itself. */
export interface RegistrationAccessToken extends Credential {
  /**
   * The token that it took the place of, which works beside it until it expires or the new one is first used. Absent where
   * there is no such grace.
   */
  readonly replaces?: Credential;
}
