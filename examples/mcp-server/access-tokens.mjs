import { createRemoteJWKSet, errors, jwtVerify } from 'jose';

/** Checks access tokens offline, with the public keys of the authorization server. */
export class AccessTokens {
  #issuer;
  #audience;
  #keys;

  /**
   * @param {string} issuer the authorization server, exactly as it calls itself
   * @param {() => string} audience this server's identifier; a token for somebody else is no token here
   */
  constructor(issuer, audience) {
    this.#issuer = issuer;
    this.#audience = audience;
  }

  /**
   * @param {string | undefined} authorization the Authorization header
   * @param {string} scope what the caller needs
   * @returns {Promise<{ claims: object, error?: undefined } | { status: number, error: string }>}
   */
  async check(authorization, scope) {
    const token = /^Bearer ([\w.~+/-]+=*)$/i.exec(authorization ?? '')?.[1];
    if (token === undefined) return { status: 401, error: 'unauthorized' };
    try {
      const { payload } = await jwtVerify(token, await this.#keySet(), {
        issuer: this.#issuer,
        audience: this.#audience(),
        typ: 'at+jwt',
        algorithms: ['ES256'],
      });
      const granted = String(payload.scope ?? '').split(' ');
      return granted.includes(scope) ? { claims: payload } : { status: 403, error: 'insufficient_scope' };
    } catch (error) {
      // A token can be wrong in many ways, and the caller can do the same about all of them. Anything else is ours.
      if (error instanceof errors.JOSEError) return { status: 401, error: 'invalid_token' };
      throw error;
    }
  }

  /** Found out at the first token, not at start: the two servers may come up in any order. */
  async #keySet() {
    if (this.#keys === undefined) {
      const answer = await fetch(`${this.#issuer}/.well-known/oauth-authorization-server`);
      const metadata = await answer.json();
      if (metadata.issuer !== this.#issuer)
        throw new Error(`${this.#issuer} calls itself ${metadata.issuer}`);
      this.#keys = createRemoteJWKSet(new URL(metadata.jwks_uri));
    }
    return this.#keys;
  }
}
