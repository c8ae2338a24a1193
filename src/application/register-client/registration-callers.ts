import { Injectable } from '@nestjs/common';
import type { Actor } from '../../contract/envelope.js';
import type { InitialAccessTokenState } from '../../domain/initial-access-token/initial-access-token.js';
import type { PolicyCaller } from '../../domain/policy/policy-input.js';
import type { Rejection } from '../../domain/rejection.js';
import type { StreamHead } from '../../platform/event-log/append-call.js';
import type { RequestOrigin } from '../admission/request-origin.js';
import { InitialAccessTokenStore } from '../initial-access-tokens/initial-access-token-store.js';
import type { RealmEntry } from '../realms/realm-registry.js';

/** Who registers: for the policy, for the event, and the token that this registration uses up. */
export interface RegistrationCaller {
  readonly policy: PolicyCaller;
  readonly actor: Actor;
  readonly token: StreamHead<InitialAccessTokenState> | undefined;
}

/** Establishes who registers. A credential that is presented is judged, also where none is needed (DESIGN section 12). */
@Injectable()
export class RegistrationCallers {
  constructor(private readonly tokens: InitialAccessTokenStore) {}

  /** @param now milliseconds since the epoch */
  async identify(
    bearer: string | null,
    origin: RequestOrigin,
    realm: RealmEntry,
    now: number,
  ): Promise<RegistrationCaller | { readonly rejection: Rejection }> {
    const { registration, name } = realm.state;
    if (registration === 'closed') return { rejection: { kind: 'registration_closed' } };
    if (bearer === null) {
      return registration === 'open'
        ? anonymous(origin)
        : { rejection: { kind: 'initial_access_token_missing' } };
    }
    const token = await this.tokens.authenticate(bearer, name, now);
    return token ? tokenHolder(token, origin) : { rejection: { kind: 'initial_access_token_refused' } };
  }
}

function anonymous(origin: RequestOrigin): RegistrationCaller {
  return {
    policy: { kind: 'anonymous', method: null, token_id: null, constraints: null, ip: origin.ip },
    actor: { kind: 'anonymous', id: null, method: null },
    token: undefined,
  };
}

function tokenHolder(token: StreamHead<InitialAccessTokenState>, origin: RequestOrigin): RegistrationCaller {
  const { token_id, constraints } = token.state;
  const kind = 'initial_access_token';
  return {
    policy: { kind, method: kind, token_id, constraints, ip: origin.ip },
    actor: { kind, id: token_id, method: kind },
    token,
  };
}
