import type { JsonObject, JsonValue } from '../../contract/json.js';
import type { PolicyFinding } from '../../contract/policy.js';

/** A finding as a client or an operator reads it. */
export interface DescribedFinding {
  readonly rule: string;
  readonly code: string;
  readonly field: string;
  /** One sentence fragment in printable ASCII without `"` and `\` (RFC 6749 section 5.2). */
  readonly message: string;
  /** As much of the evidence as the reader may see. */
  readonly params: JsonObject;
}

interface FindingText {
  /** `{name}` is replaced by the parameter of that name. */
  readonly text: string;
  /** Parameters that may leave the service; others stay in the log. */
  readonly public: readonly string[];
}

/**
 * What each code of the shipped rules means. Texts are rendered here and not in Rego, because the Wasm host's formatting
 * differs from OPA's own.
 */
const texts: Readonly<Record<string, FindingText>> = {
  redirect_host_denied: { text: 'the redirect host {host} is not allowed here', public: ['host'] },
  redirect_host_unknown: {
    text: 'the redirect host {host} is not known here',
    public: ['host', 'registrable_domain'],
  },
  redirect_host_is_address: { text: 'the redirect host {host} is an address, not a name', public: ['host'] },
  redirect_scheme_forbidden: { text: 'the redirect scheme {scheme} is not allowed here', public: ['scheme'] },
  redirect_scheme_unknown: { text: 'the redirect scheme {scheme} is not known here', public: ['scheme'] },
  uri_host_denied: { text: 'the host {host} is not allowed here', public: ['host'] },
  uri_host_elsewhere: { text: 'the client redirects to no host of the domain of {host}', public: ['host'] },
  grant_type_not_allowed: { text: 'the grant type {grant_type} is not allowed here', public: ['grant_type'] },
  auth_method_not_allowed: {
    text: 'the authentication method {auth_method} is not allowed for {grant_type}',
    public: ['auth_method', 'grant_type'],
  },
  scope_needs_review: { text: 'the scope {scope} is given only after review', public: ['scope'] },
  machine_client_unknown: {
    text: 'a client without users needs an initial access token or a review',
    public: ['grant_type'],
  },
  client_name_reserved: { text: 'the name {reserved_name} is reserved', public: ['reserved_name'] },
  identical_client_barred: {
    text: 'an operator suspended or turned away a client with this metadata, reference {reference}',
    public: ['reference'],
  },
  software_barred: {
    text: 'an operator suspended or turned away a client of this software, reference {reference}',
    public: ['reference'],
  },
  name_mixes_scripts: { text: 'a word of the name mixes letters of several scripts', public: [] },
  custom_metadata_invalid: {
    text: 'the member does not satisfy {keyword} at {pointer}',
    public: ['keyword', 'pointer'],
  },
  not_in_token: {
    text: '{value} is beyond what the initial access token allows',
    public: ['constraint', 'value'],
  },
  redirect_uri_not_in_token: {
    text: 'a redirect URI is on a host that the initial access token does not name',
    public: ['redirect_uri'],
  },
  software_statement_required: {
    text: '{value} is given only to clients with a software statement',
    public: ['value'],
  },
  profile_not_in_token: { text: 'the initial access token is for another policy profile', public: [] },
};

/** Codes of an enterprise's own rules: the code itself is the text, and no parameter leaves the service. */
const ownRule: FindingText = { text: 'the policy rule {rule} objects: {code}', public: [] };

/**
 * Renders one finding of a policy decision for people.
 *
 * @param reader operators see every parameter, clients the public ones only
 */
export function describeFinding(
  { rule, code, field, params }: PolicyFinding,
  reader: 'client' | 'operator' = 'client',
): DescribedFinding {
  const text = Object.hasOwn(texts, code) ? texts[code]! : ownRule;
  const values: JsonObject = { ...params, rule, code };
  const message = `${field}: ${text.text.replace(/\{(\w+)\}/g, (_, name: string) => shown(Object.hasOwn(values, name) ? values[name] : undefined))}`;
  return {
    rule,
    code,
    field,
    message: ascii(message),
    params:
      reader === 'operator'
        ? params
        : Object.fromEntries(
            text.public.filter((name) => Object.hasOwn(params, name)).map((name) => [name, params[name]!]),
          ),
  };
}

function shown(value: JsonValue | undefined): string {
  if (value === undefined || value === null) return '(none)';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function ascii(text: string): string {
  return text.replace(/[^\x20\x21\x23-\x5b\x5d-\x7e]/g, '?');
}
