import type { JsonValue } from '../../contract/json.js';
import type { Channel } from './client-metadata.js';
import { METADATA_LIMITS } from './members/metadata-limits.js';

/** Which rule judges a URI member; there is no URI member without one (threat P6). */
export type UriRule = 'redirect' | 'post_logout' | 'web_page' | 'jwks' | 'certificate';

/**
 * What a string may contain. `display`: shown to people, so nothing invisible or deceptive. `opaque`: kept as sent, without
 * control characters. `value`: means something only if the server knows it, and is compared, never shown.
 */
export type TextRule = 'display' | 'opaque' | 'value';

/** What becomes of a member that arrives through a channel. */
export type Acceptance = 'accepted' | 'ignored' | 'refused';

/** What an omitted member is registered as; `inferred` ones depend on the other members (`effective/`). */
export type MemberDefault =
  | { readonly kind: 'none' }
  | { readonly kind: 'value'; readonly value: JsonValue }
  | { readonly kind: 'inferred'; readonly from: string };

interface AnyMember {
  readonly name: string;
  /** Where the member is defined. */
  readonly source: string;
  /** Whether language-tagged variants such as `client_name#ja` exist (RFC 7591 section 2.2). */
  readonly internationalised: boolean;
  readonly default: MemberDefault;
  /** Whether the value is personal data, to be sealed wherever it is stored. */
  readonly personal: boolean;
  /** Whether only the server issues the member; what a client sends under its name is never taken. */
  readonly issued: boolean;
  /** Whether the member only helps to choose others and is itself neither registered nor answered. */
  readonly input_only: boolean;
  /** Whether the member is about ID tokens, and so understood only where the realm has the scope `openid`. */
  readonly openid: boolean;
  readonly channels: Readonly<Record<Channel, Acceptance>>;
}

/** A member that carries one URI, or several. */
export interface UriMember extends AnyMember {
  readonly type: 'url' | 'url[]';
  readonly uri: UriRule;
}

/** A member that carries one string, or several. */
export interface StringMember extends AnyMember {
  readonly type: 'string' | 'string[]';
  readonly text: TextRule;
  /** In Unicode code points, of each string. */
  readonly max_length: number;
  /** The values that exist, where the list is closed. */
  readonly values: readonly string[] | null;
  /** The member in which a client lists several values to choose from; null where there is none. */
  readonly choices: string | null;
}

export interface OtherMember extends AnyMember {
  readonly type: 'boolean' | 'integer' | 'jwks';
}

/** One row of the table of client metadata. */
export type MetadataMember = UriMember | StringMember | OtherMember;

/** Asymmetric JWS algorithms (RFC 7518 section 3.1, RFC 9864); those with a shared secret, and `none`, are off. */
export const SIGNING_ALGORITHMS = 'RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA Ed25519'.split(
  ' ',
);

/** The algorithm of everything the server signs, ID tokens included. */
export const ID_TOKEN_ALGORITHMS = ['ES256'];

/** The members of which `tls_client_auth` needs exactly one (RFC 8705 section 2.1.2). */
export const CERTIFICATE_SUBJECTS = [
  'tls_client_auth_subject_dn',
  'tls_client_auth_san_dns',
  'tls_client_auth_san_uri',
  'tls_client_auth_san_ip',
  'tls_client_auth_san_email',
];

const RFC_7591 = 'RFC 7591 section 2';
const RFC_7591_RESPONSE = 'RFC 7591 section 3.2.1';
const RFC_7592_RESPONSE = 'RFC 7592 section 3';
const RFC_8705 = 'RFC 8705 section 2.1.2';
const OIDC = 'OpenID Connect Dynamic Client Registration 1.0 section 2';
const RP_CHOICES = 'OpenID Connect Relying Party Metadata Choices 1.0 section 2';

const EVERYWHERE = { dynamic: 'accepted', document: 'accepted', managed: 'accepted' } as const;
const NOWHERE = { dynamic: 'ignored', document: 'ignored', managed: 'ignored' } as const;
/** What a document cannot set for itself (C-28). */
const NOT_IN_DOCUMENTS = { dynamic: 'accepted', document: 'ignored', managed: 'accepted' } as const;
/** Members of the response; a client that sends one is not wrong, but a published document that holds one is (C-21). */
const NEVER_PUBLISHED = { dynamic: 'ignored', document: 'refused', managed: 'ignored' } as const;

const PLAIN = {
  internationalised: false,
  default: { kind: 'none' },
  personal: false,
  issued: false,
  input_only: false,
  openid: false,
  channels: EVERYWHERE,
} as const;
const TEXT = {
  ...PLAIN,
  type: 'string',
  text: 'opaque',
  max_length: METADATA_LIMITS.text,
  values: null,
  choices: null,
} as const;
const VALUE = { ...TEXT, text: 'value' } as const;
const VALUES = { ...VALUE, type: 'string[]' } as const;
const CHOICES = { ...VALUES, source: RP_CHOICES, input_only: true } as const;
/** A switch that is off unless the client says otherwise. */
const SWITCH = { ...PLAIN, type: 'boolean', default: { kind: 'value', value: false } } as const;
const PAGE = { ...PLAIN, type: 'url', uri: 'web_page', internationalised: true } as const;
const ISSUED = { ...VALUE, issued: true, channels: NOWHERE } as const;
const ISSUED_TIME = { ...PLAIN, type: 'integer', issued: true, channels: NOWHERE } as const;

/**
 * The client metadata this service understands, in the order of its answers. Parsing, defaults, answers, the policy input
 * and the checks of every URI on every channel follow from it; a new field is a new row.
 */
export const METADATA_TABLE: readonly MetadataMember[] = [
  { ...ISSUED, name: 'client_id', source: RFC_7591_RESPONSE },
  { ...ISSUED, name: 'client_secret', source: RFC_7591_RESPONSE, channels: NEVER_PUBLISHED },
  { ...ISSUED_TIME, name: 'client_id_issued_at', source: RFC_7591_RESPONSE },
  { ...ISSUED_TIME, name: 'client_secret_expires_at', source: RFC_7591_RESPONSE, channels: NEVER_PUBLISHED },
  { ...ISSUED, name: 'registration_access_token', source: RFC_7592_RESPONSE, channels: NEVER_PUBLISHED },
  { ...ISSUED, name: 'registration_client_uri', source: RFC_7592_RESPONSE },
  {
    ...PLAIN,
    name: 'redirect_uris',
    source: RFC_7591,
    type: 'url[]',
    uri: 'redirect',
    default: { kind: 'value', value: [] },
  },
  {
    ...VALUE,
    name: 'token_endpoint_auth_method',
    source: RFC_7591,
    default: { kind: 'inferred', from: 'client_secret_basic; none in a metadata document' },
  },
  { ...CHOICES, name: 'token_endpoint_auth_methods_supported' },
  {
    ...VALUE,
    name: 'token_endpoint_auth_signing_alg',
    source: OIDC,
    values: SIGNING_ALGORITHMS,
    choices: 'token_endpoint_auth_signing_alg_values_supported',
  },
  { ...CHOICES, name: 'token_endpoint_auth_signing_alg_values_supported' },
  {
    ...VALUES,
    name: 'grant_types',
    source: RFC_7591,
    default: { kind: 'value', value: ['authorization_code'] },
  },
  {
    ...VALUES,
    name: 'response_types',
    source: RFC_7591,
    default: { kind: 'inferred', from: 'code; none without a redirect-based grant type' },
  },
  {
    ...VALUE,
    name: 'application_type',
    source: OIDC,
    values: ['web', 'native'],
    default: { kind: 'inferred', from: 'native if a redirect URI is loopback or private-use, otherwise web' },
  },
  {
    ...TEXT,
    name: 'client_name',
    source: RFC_7591,
    text: 'display',
    max_length: METADATA_LIMITS.displayText,
    internationalised: true,
  },
  {
    ...TEXT,
    name: 'organization_name',
    source: 'OpenID Federation 1.0 section 5.2.2',
    text: 'display',
    max_length: METADATA_LIMITS.displayText,
    internationalised: true,
  },
  { ...PAGE, name: 'client_uri', source: RFC_7591 },
  { ...PAGE, name: 'logo_uri', source: RFC_7591 },
  {
    ...VALUE,
    name: 'scope',
    source: RFC_7591,
    default: { kind: 'inferred', from: 'the default scopes of the realm' },
  },
  {
    ...TEXT,
    name: 'contacts',
    source: RFC_7591,
    type: 'string[]',
    max_length: METADATA_LIMITS.contact,
    personal: true,
  },
  { ...PAGE, name: 'tos_uri', source: RFC_7591 },
  { ...PAGE, name: 'policy_uri', source: RFC_7591 },
  { ...PLAIN, name: 'jwks_uri', source: RFC_7591, type: 'url', uri: 'jwks' },
  { ...PLAIN, name: 'jwks', source: RFC_7591, type: 'jwks' },
  { ...TEXT, name: 'software_id', source: RFC_7591 },
  { ...TEXT, name: 'software_version', source: RFC_7591 },
  {
    ...PLAIN,
    name: 'post_logout_redirect_uris',
    source: 'OpenID Connect RP-Initiated Logout 1.0 section 3.1',
    type: 'url[]',
    uri: 'post_logout',
    channels: NOT_IN_DOCUMENTS,
  },
  { ...SWITCH, name: 'require_pushed_authorization_requests', source: 'RFC 9126 section 6' },
  { ...SWITCH, name: 'require_signed_request_object', source: 'RFC 9101 section 10.5' },
  {
    ...VALUE,
    name: 'request_object_signing_alg',
    source: OIDC,
    values: SIGNING_ALGORITHMS,
    choices: 'request_object_signing_alg_values_supported',
  },
  { ...CHOICES, name: 'request_object_signing_alg_values_supported' },
  { ...VALUES, name: 'authorization_details_types', source: 'RFC 9396 section 10' },
  { ...SWITCH, name: 'dpop_bound_access_tokens', source: 'RFC 9449 section 5.2' },
  { ...SWITCH, name: 'tls_client_certificate_bound_access_tokens', source: 'RFC 8705 section 3.4' },
  { ...TEXT, name: 'tls_client_auth_subject_dn', source: RFC_8705 },
  { ...TEXT, name: 'tls_client_auth_san_dns', source: RFC_8705 },
  { ...PLAIN, name: 'tls_client_auth_san_uri', source: RFC_8705, type: 'url', uri: 'certificate' },
  { ...TEXT, name: 'tls_client_auth_san_ip', source: RFC_8705 },
  { ...TEXT, name: 'tls_client_auth_san_email', source: RFC_8705 },
  {
    ...VALUE,
    name: 'id_token_signed_response_alg',
    source: OIDC,
    openid: true,
    values: ID_TOKEN_ALGORITHMS,
    choices: 'id_token_signing_alg_values_supported',
    default: { kind: 'value', value: 'ES256' },
  },
  { ...CHOICES, name: 'id_token_signing_alg_values_supported', openid: true },
  {
    ...VALUE,
    name: 'subject_type',
    source: OIDC,
    openid: true,
    values: ['public'],
    choices: 'subject_types_supported',
    default: { kind: 'value', value: 'public' },
  },
  { ...CHOICES, name: 'subject_types_supported', openid: true },
  { ...PLAIN, name: 'default_max_age', source: OIDC, type: 'integer', openid: true },
  { ...SWITCH, name: 'require_auth_time', source: OIDC, openid: true },
];

const ROWS: ReadonlyMap<string, MetadataMember> = new Map(
  METADATA_TABLE.map((member) => [member.name, member]),
);

/**
 * The row of a member.
 *
 * @param name a name without a language tag
 * @returns undefined for a member that is not understood
 */
export function metadataMember(name: string): MetadataMember | undefined {
  return ROWS.get(name);
}
