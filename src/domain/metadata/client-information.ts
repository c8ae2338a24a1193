import type { JsonObject, JsonValue } from '../../contract/json.js';
import { isSealed } from '../../contract/sealed.js';
import type { ClientMetadata } from './client-metadata.js';
import { inTableOrder } from './members/member-name.js';

/**
 * The metadata members of a client information response (RFC 7591 section 3.2.1, RFC 7592 section 3) in a fixed order, the
 * custom ones last. Nothing is null or an empty string (R-08, T-01); arrays may be empty. A member that is still sealed is
 * left out: the caller unseals what the reader may see, and what was erased is gone.
 *
 * @param metadata the effective metadata, personal members in clear
 */
export function clientInformationMembers(metadata: ClientMetadata): JsonObject {
  const { members, custom } = metadata;
  const answered: [string, JsonValue][] = [];
  for (const name of inTableOrder(Object.keys(members))) {
    const value = members[name];
    if (value !== undefined && !isSealed(value)) answered.push([name, value]);
  }
  for (const name of Object.keys(custom).sort()) {
    if (!Object.hasOwn(members, name)) answered.push([name, custom[name] as JsonValue]);
  }
  return Object.fromEntries(answered.filter(([, value]) => value !== null && value !== ''));
}
