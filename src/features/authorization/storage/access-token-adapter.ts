import type { IncomingMessage } from 'node:http';
import type pg from 'pg';
import type { AccessTokenClaims } from '../tokens/access-token.js';
import { type Adapter, type AdapterPayload, Provider } from '../provider/oidc-provider.js';

const presented = new WeakMap<
  IncomingMessage,
  { readonly handle: string; readonly claims: AccessTokenClaims }
>();

/**
 * Tells the adapter which access token a request is about. oidc-provider refuses JWTs at introspection and revocation, so
 * the request it sees carries this handle instead; everything after that (client authentication, grant, answer) is its own.
 */
export function presentAccessToken(
  request: IncomingMessage,
  handle: string,
  claims: AccessTokenClaims,
): void {
  presented.set(request, { handle, claims });
}

/**
 * Access tokens are JWTs and nobody stores them: found is what the current request presented, verified before, and not
 * revoked; destroyed means that its `jti` is remembered until the token expires by itself.
 */
export class AccessTokenAdapter implements Adapter {
  /** @param model `AccessToken` for tokens of a user's grant, `ClientCredentials` for a client's own */
  constructor(
    private readonly pool: pg.Pool,
    private readonly realm: string,
    private readonly model: 'AccessToken' | 'ClientCredentials',
  ) {}

  async find(id: string): Promise<AdapterPayload | undefined> {
    const context = Provider.ctx;
    const token = context && presented.get(context.req);
    if (!token || token.handle !== id) return undefined;
    const { claims } = token;
    const ofGrant = claims.grant_id !== undefined;
    if (ofGrant !== (this.model === 'AccessToken') || (await this.isRevoked(claims.jti))) return undefined;
    return {
      kind: this.model,
      jti: claims.jti,
      iat: claims.iat,
      exp: claims.exp,
      clientId: claims.client_id,
      aud: claims.aud,
      ...(claims.scope !== undefined && { scope: claims.scope }),
      ...(claims.cnf !== undefined && { jkt: claims.cnf.jkt }),
      ...(ofGrant && { accountId: claims.sub }),
      // Whoever gives one access token back keeps the rest of the grant: RFC 7009 section 2.1 leaves it to us.
      ...(context.oidc.route === 'introspection' && { grantId: claims.grant_id }),
    };
  }

  async destroy(jti: string): Promise<void> {
    const context = Provider.ctx;
    const token = context && presented.get(context.req);
    if (!token || token.claims.jti !== jti) return;
    await this.pool.query(
      'insert into revoked_tokens (realm, jti, expires_at) values ($1, $2, to_timestamp($3)) on conflict do nothing',
      [this.realm, jti, token.claims.exp],
    );
  }

  /** There is nothing to delete: an access token whose grant is gone is inactive. */
  async revokeByGrantId(): Promise<void> {}

  async upsert(): Promise<void> {
    throw new TypeError('access tokens are JWTs');
  }

  async consume(): Promise<void> {
    throw new TypeError('access tokens are JWTs');
  }

  async findByUid(): Promise<undefined> {
    return undefined;
  }

  async findByUserCode(): Promise<undefined> {
    return undefined;
  }

  private async isRevoked(jti: string): Promise<boolean> {
    const { rows } = await this.pool.query({
      name: 'revoked-token-find',
      text: 'select 1 from revoked_tokens where realm = $1 and jti = $2',
      values: [this.realm, jti],
    });
    return rows.length > 0;
  }
}
