import { Injectable } from '@nestjs/common';
import type { Actor } from '../../contract/envelope.js';
import type { PolicyCaller } from '../../domain/policy/policy-input.js';
import type { Rejection } from '../../domain/rejection.js';
import type { RequestOrigin } from '../admission/request-origin.js';
import {
  InitialAccessTokenStore,
  type PresentedToken,
} from '../initial-access-tokens/initial-access-token-store.js';
import type { RealmEntry } from '../realms/realm-registry.js';
import type { RegistrationDoor } from './register-client.command.js';

/** Who registers: for the policy, for the event, and the token that this registration uses up. */
export interface RegistrationCaller {
  readonly policy: PolicyCaller;
  readonly actor: Actor;
  readonly token: PresentedToken | undefined;
}

/** Establishes who registers. A credential that is presented is judged, also where none is needed (DESIGN section 12). */
@Injectable()
export class RegistrationCallers {
  constructor(private readonly tokens: InitialAccessTokenStore) {}

  /** @param door the protected one takes nobody without a token; where registration is closed, both are (T-07, R-10) */
  async identify(
    bearer: string | null,
    origin: RequestOrigin,
    realm: RealmEntry,
    door: RegistrationDoor,
  ): Promise<RegistrationCaller | { readonly rejection: Rejection }> {
    const { registration, name } = realm.state;
    if (registration === 'closed') return { rejection: { kind: 'registration_closed' } };
    if (bearer === null) {
      return registration === 'open' && door === 'realm'
        ? anonymous(origin)
        : { rejection: { kind: 'initial_access_token_missing' } };
    }
    const token = await this.tokens.authenticate(bearer, name);
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

function tokenHolder(token: PresentedToken, origin: RequestOrigin): RegistrationCaller {
  const { token_id, constraints } = token.state;
  const kind = 'initial_access_token';
  return {
    policy: { kind, method: kind, token_id, constraints, ip: origin.ip },
    actor: { kind, id: token_id, method: kind },
    token,
  };
}
