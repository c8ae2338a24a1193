import type { JsonObject, JsonValue } from '../../../contract/json.js';
import { METADATA_LIMITS } from '../../../domain/metadata/members/metadata-limits.js';
import type {
  MetadataMember,
  OtherMember,
  StringMember,
  TextRule,
  UriMember,
  UriRule,
} from '../../../domain/metadata/metadata-table.js';
import { JWKS_SCHEMA } from './jwks-schema.js';

/** What a client sends, or what it is answered: defaults belong to the one, `readOnly` to the other. */
export type Direction = 'request' | 'answer';

/** Whether a member of the type carries several values. A new type of the table does not compile until it is here. */
const LISTS: Readonly<Record<(UriMember | StringMember)['type'], boolean>> = {
  url: false,
  'url[]': true,
  string: false,
  'string[]': true,
};

const OTHER_SCHEMAS: Readonly<Record<OtherMember['type'], JsonObject>> = {
  boolean: { type: 'boolean' },
  integer: { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER },
  jwks: JWKS_SCHEMA,
};

const URI = { type: 'string', format: 'uri', maxLength: METADATA_LIMITS.uri } as const;

/** As much of each URI rule as JSON Schema can say, and the rest in words. */
const URI_SCHEMAS: Readonly<Record<UriRule, { readonly schema: JsonObject; readonly note: string }>> = {
  redirect: {
    schema: { ...URI, pattern: '^[a-z][a-z0-9+.-]*:[^#*]+$' },
    note:
      'https with any host; http only for 127.0.0.1, [::1] and localhost; private-use schemes that contain a dot, and those ' +
      'without one that the realm allows. No fragment, wildcard or user information. Kept and compared byte for byte.',
  },
  post_logout: {
    schema: { ...URI, pattern: '^https?://[^#*]+$' },
    note: 'https, or http for 127.0.0.1, [::1] and localhost.',
  },
  certificate: {
    schema: { ...URI, pattern: '^[a-z][a-z0-9+.-]*:[^#*]+$' },
    note: 'A name in a certificate: compared, never followed.',
  },
  web_page: {
    schema: { ...URI, pattern: '^https?://' },
    note: 'A page or picture for people, http or https.',
  },
  jwks: {
    schema: { ...URI, pattern: '^https://[^#]+$' },
    note: 'https, the host a name rather than an address. Fetched when it is needed, never during registration.',
  },
};

const TEXT_NOTES: Readonly<Record<TextRule, string | null>> = {
  display:
    `Shown to people: at most ${METADATA_LIMITS.displayGraphemes} user-perceived characters, none of them control, ` +
    'bidirectional, invisible or unassigned characters.',
  opaque: 'Kept as sent; no control characters.',
  value: null,
};

/**
 * The JSON Schema (2020-12) of one member of client metadata, from its row alone.
 *
 * @param member the row
 * @param direction defaults are said of requests; what only the server issues is `readOnly` in answers
 */
export function memberSchema(member: MetadataMember, direction: Direction): JsonObject {
  return {
    ...valueSchema(member),
    ...(direction === 'request' && member.default.kind === 'value' && { default: member.default.value }),
    ...(direction === 'answer' && member.issued && { readOnly: true }),
    ...(member.personal && { 'x-personal-data': true }),
    description: description(member, direction),
  };
}

/** What may be sent for a member, in words: the rule of its form, as far as it has one. */
export function memberNote(member: MetadataMember): string | null {
  if ('uri' in member) return URI_SCHEMAS[member.uri].note;
  return 'text' in member ? TEXT_NOTES[member.text] : null;
}

function valueSchema(member: MetadataMember): JsonObject {
  if (!('uri' in member || 'text' in member)) return OTHER_SCHEMAS[member.type];
  const one = 'uri' in member ? URI_SCHEMAS[member.uri].schema : textSchema(member);
  return LISTS[member.type] ? { type: 'array', items: one, maxItems: METADATA_LIMITS.items } : one;
}

function textSchema({ values, max_length }: StringMember): JsonObject {
  if (values !== null) return { type: 'string', enum: values };
  return { type: 'string', minLength: 1, maxLength: max_length };
}

function description(member: MetadataMember, direction: Direction): string {
  const sentences = [
    memberNote(member),
    direction === 'request' && member.default.kind === 'inferred'
      ? `Left out, it is ${member.default.from}.`
      : null,
    member.personal ? 'Personal data: stored sealed, and erasable.' : null,
    `${member.source}.`,
  ];
  return sentences.filter((sentence) => sentence !== null).join(' ');
}

/** Names of the members as the schema of an object has them. */
export function properties(
  members: readonly MetadataMember[],
  direction: Direction,
): Readonly<Record<string, JsonValue>> {
  return Object.fromEntries(members.map((member) => [member.name, memberSchema(member, direction)]));
}

/** Roughly a language tag of BCP 47; a malformed one makes an unknown member, which is ignored. */
const LANGUAGE_TAG = '[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*';

/** The language-tagged variants of members (RFC 7591 section 2.2), e.g. `client_name#ja`. */
export function patternProperties(
  members: readonly MetadataMember[],
  direction: Direction,
): Readonly<Record<string, JsonValue>> {
  return Object.fromEntries(
    members
      .filter((member) => member.internationalised)
      .map((member) => [`^${member.name}#${LANGUAGE_TAG}$`, memberSchema(member, direction)]),
  );
}
