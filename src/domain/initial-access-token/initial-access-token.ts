import type { Credential } from '../../contract/credential.js';
import type { AnyEvent } from '../../contract/events/index.js';
import type { TokenConstraints } from '../../contract/policy.js';
import { millisecondsOf } from '../../contract/timestamp.js';

/** An initial access token (RFC 7591 section 1.2): the fold of its stream. */
export interface InitialAccessTokenState {
  readonly token_id: string;
  readonly realm: string;
  readonly credential: Credential;
  readonly max_uses: number | null;
  readonly uses: number;
  readonly constraints: TokenConstraints;
  readonly revoked: boolean;
  /** RFC 3339. */
  readonly issued_at: string;
}

/** Folds one event; total, like every projection. */
export function projectInitialAccessToken(
  state: InitialAccessTokenState | undefined,
  event: AnyEvent,
): InitialAccessTokenState | undefined {
  if (event.type === 'initial_access_token.issued') {
    const { token_id, credential, max_uses, constraints } = event.data;
    return {
      token_id,
      realm: event.realm,
      credential,
      max_uses,
      uses: 0,
      constraints,
      revoked: false,
      issued_at: event.occurred_at,
    };
  }
  if (!state) return undefined;
  if (event.type === 'initial_access_token.consumed') return { ...state, uses: state.uses + 1 };
  if (event.type === 'initial_access_token.revoked') return { ...state, revoked: true };
  return state;
}

/**
 * Whether the token may be used once more in the realm.
 *
 * @param now milliseconds since the epoch
 */
export function isUsable(state: InitialAccessTokenState, realm: string, now: number): boolean {
  const { expires_at } = state.credential;
  return (
    state.realm === realm &&
    !state.revoked &&
    (expires_at === null || millisecondsOf(expires_at) > now) &&
    (state.max_uses === null || state.uses < state.max_uses)
  );
}
