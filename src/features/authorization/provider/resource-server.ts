import type { RealmState } from '../../../domain/realm/realm-state.js';
import { type TargetResource, targetResource } from '../client/resources.js';
import { admissionOf } from '../client/provider-metadata.js';
import { type Client, errors } from './oidc-provider.js';
import { SIGNING_ALGORITHM } from './offered.js';

/** A protected resource as oidc-provider takes it. */
export interface ResourceServerInfo {
  readonly audience: string;
  readonly scope: string;
  readonly accessTokenTTL: number;
  readonly accessTokenFormat: 'jwt';
  readonly jwt: { readonly sign: { readonly alg: typeof SIGNING_ALGORITHM } };
}

/**
 * The resource a client may have a token for.
 *
 * @throws InvalidTarget (RFC 8707 section 2) when there is none
 */
export function requireResource(realm: RealmState, identifier: string, client: Client): TargetResource {
  const target = targetResource(realm, identifier, admissionOf(client).permissions);
  if (!target) throw new errors.InvalidTarget('the resource is unknown here, or not for this client');
  return target;
}

/** What of the resource's scopes this client can have at most, whatever it was granted earlier. */
export function resourceServerInfo(target: TargetResource, client: Client): ResourceServerInfo {
  const { scopeCeiling } = admissionOf(client).permissions;
  return {
    audience: target.identifier,
    scope: target.scopes.filter((scope) => scopeCeiling?.includes(scope) ?? true).join(' '),
    accessTokenTTL: target.tokenLifetime,
    accessTokenFormat: 'jwt',
    jwt: { sign: { alg: SIGNING_ALGORITHM } },
  };
}
