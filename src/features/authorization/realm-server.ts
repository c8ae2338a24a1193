import type { JSONWebKeySet } from 'jose';
import type { RealmState } from '../../domain/realm/realm-state.js';
import type { Provider } from './provider/oidc-provider.js';
import type { AccessTokenVerifier } from './tokens/access-token.js';

/** Everything one version of a realm answers with. */
export interface RealmServer {
  readonly realm: RealmState;
  readonly issuer: URL;
  readonly provider: Provider;
  /** The provider's request listener; only for requests that `canonicalRequest` made. */
  readonly answer: ReturnType<Provider['callback']>;
  readonly metadata: object;
  readonly keys: JSONWebKeySet;
  readonly verifyAccessToken: AccessTokenVerifier;
}
