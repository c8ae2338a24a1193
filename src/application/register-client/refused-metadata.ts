import type { JsonObject } from '../../contract/json.js';
import { parseClientMetadata } from '../../domain/metadata/parse-client-metadata.js';
import type { MetadataRejection } from '../../domain/metadata/rejection/metadata-rejection.js';
import type { PolicyCaller } from '../../domain/policy/policy-input.js';
import type { RealmState } from '../../domain/realm/realm-state.js';
import type { Rejection } from '../../domain/rejection.js';
import type { ProfileFacts } from '../../platform/opa/policy-host.js';
import { serverCapabilities } from '../realms/server-capabilities.js';

/**
 * Tells metadata that is wrong from metadata that the presented token does not allow: what would be accepted with a token
 * without constraints is beyond the rights of this one (RFC 6750 section 3.1, R-10), and the same request with another token
 * succeeds. Everything else is 400, because no token would help.
 *
 * @param rejection with the token's constraints
 */
export function refusedMetadata(
  rejection: MetadataRejection,
  body: JsonObject,
  realm: RealmState,
  { constraints }: PolicyCaller,
  { custom, dotlessSchemes }: ProfileFacts,
): Rejection {
  const isBeyondToken =
    constraints !== null &&
    parseClientMetadata(body, {
      channel: 'dynamic',
      server: serverCapabilities(realm, null, dotlessSchemes),
      custom,
    }).ok;
  return isBeyondToken
    ? { kind: 'initial_access_token_insufficient', rejection }
    : { kind: 'metadata', rejection };
}
