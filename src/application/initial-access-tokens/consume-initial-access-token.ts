import { streams } from '../../contract/streams.js';
import {
  isUsable,
  type InitialAccessTokenState,
} from '../../domain/initial-access-token/initial-access-token.js';
import type { Write } from '../../platform/event-log/append-call.js';
import type { PresentedToken } from './initial-access-token-store.js';

/**
 * The write that uses a token up, for the append of the registration it allows. Uses at the same time are chained, each
 * deciding on what the one before left, so that a token with `max_uses: N` is good for exactly N of them.
 *
 * @returns no write where the registration came without a token
 */
export function consumption(
  token: PresentedToken | undefined,
  clientId: string,
  realm: string,
): readonly Write[] {
  if (!token) return [];
  const { token_id } = token.state;
  const { readAt } = token;
  const events = [
    { type: 'initial_access_token.consumed', data: { token_id, client_id: clientId } } as const,
  ];
  return [
    {
      stream: streams.initialAccessToken(token_id),
      head: token,
      events,
      rebase: (head) => (isUsable(head.state as InitialAccessTokenState, realm, readAt) ? events : undefined),
    },
  ];
}
