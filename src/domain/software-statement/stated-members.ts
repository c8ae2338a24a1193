import type { ClientMetadata } from '../../contract/client-metadata.js';
import type { JsonObject, JsonValue } from '../../contract/json.js';
import { readMemberName } from '../metadata/members/member-name.js';

export const SOFTWARE_STATEMENT = 'software_statement';

/**
 * Claims about the token itself (RFC 7519 section 4.1), and a statement within the statement: never metadata, whatever a
 * profile calls its members.
 */
const NEVER_STATED: ReadonlySet<string> = new Set(
  `iss sub aud exp nbf iat jti ${SOFTWARE_STATEMENT}`.split(' '),
);

/**
 * Members that answer the same question. A statement that sets one of them has answered it: what the client says in another
 * one must not compete.
 */
const ALTERNATIVES: readonly (readonly string[])[] = [
  ['token_endpoint_auth_method', 'token_endpoint_auth_methods_supported'],
  ['jwks', 'jwks_uri'],
];

/**
 * The claims of a statement that are client metadata: understood members that a client may send, and the profile's own.
 * Claims that say nothing (null, empty) set nothing.
 *
 * @param customNames the members that the profile declares
 */
export function statedMembers(claims: JsonObject, customNames: ReadonlySet<string>): JsonObject {
  const stated = Object.entries(claims).filter(
    ([name, value]) =>
      !NEVER_STATED.has(name) && !isOmission(value) && (isClientMember(name) || isCustom(name, customNames)),
  );
  return Object.fromEntries(stated);
}

/**
 * A request with a statement's members in the place of its own (R-91, RFC 7591 section 2.3): what the rest of the service
 * judges and registers.
 *
 * @param stated from `statedMembers`, or of the statement that a client already has
 */
export function withStatedMembers(body: JsonObject, stated: JsonObject): JsonObject {
  const names = Object.keys(stated);
  const answered = new Set(ALTERNATIVES.filter((group) => names.some((name) => group.includes(name))).flat());
  const settled = new Set([SOFTWARE_STATEMENT, ...answered, ...names].map(comparable));
  const own = Object.entries(body).filter(([name]) => !settled.has(comparable(name)));
  return Object.fromEntries([...own, ...Object.entries(stated)]);
}

/** The registered members that a statement set, by wire name, sorted. */
export function registeredMembers(
  stated: JsonObject,
  { members, custom }: ClientMetadata,
): readonly string[] {
  const names = Object.keys(stated).map((name) =>
    name === 'token_endpoint_auth_methods_supported' ? 'token_endpoint_auth_method' : name,
  );
  return [...new Set(names)].filter((name) => isIn(members, name) || isIn(custom, name)).sort();
}

/**
 * The values in force of members that a statement set. They stay through a replacement without a new statement (M-27).
 *
 * @param metadata personal members in clear; erased ones are gone and hold nobody to anything
 */
export function valuesInForce(names: readonly string[], { members, custom }: ClientMetadata): JsonObject {
  const values = names.map((name) => [name, isIn(members, name) ? members[name] : custom[name]] as const);
  return Object.fromEntries(
    values.filter((entry): entry is readonly [string, JsonValue] => entry[1] !== undefined),
  );
}

function isClientMember(name: string): boolean {
  return readMemberName(name)?.member.channels.dynamic === 'accepted';
}

function isCustom(name: string, customNames: ReadonlySet<string>): boolean {
  return customNames.has(name) && readMemberName(name) === null;
}

/** null, an empty text and an empty array are as good as left out. */
function isOmission(value: JsonValue): boolean {
  return value === null || value === '' || (Array.isArray(value) && value.length === 0);
}

/** Language tags are compared without case; nothing else is. */
function comparable(name: string): string {
  return name.includes('#') ? name.toLowerCase() : name;
}

function isIn(members: object, name: string): boolean {
  return Object.hasOwn(members, name);
}
