import type { MetadataFault } from './metadata-fault.js';

/** What to tell a developer whose client was refused, by reason. Printable ASCII without `"` and `\`. */
export const REJECTION_TEXTS: Readonly<Record<MetadataFault, string>> = {
  uri_too_long: 'is longer than 2048 characters',
  uri_not_ascii: 'contains a space, a control character or a character outside ASCII',
  uri_malformed: 'is not an absolute URI of the form scheme://host/path or scheme:/path',
  uri_not_canonical:
    'is not in the form that browsers give it: lower case scheme and host, no default port, no rewriting',
  uri_with_userinfo: 'contains user information before the host',
  uri_with_fragment: 'contains a fragment (#)',
  uri_with_wildcard: 'contains a wildcard (*); redirect URIs are compared exactly',
  uri_with_path_traversal: 'contains a dot segment or an encoded path separator',
  uri_with_encoded_control: 'contains an encoded control character',
  uri_scheme_refused: 'has a scheme that is never accepted here',
  uri_scheme_without_dot:
    'has a private-use scheme without a dot that is not allowed here; use a reversed domain name such as com.example.app',
  uri_http_not_loopback: 'is http on a host other than 127.0.0.1, [::1] and localhost; use https',
  uri_not_https: 'must be an https URI',
  uri_host_is_ip_address: 'must name a host, not an IP address',
  keys_malformed: 'must be a JWK Set with at least one key, each with all members of its key type',
  keys_private: 'contains private key members; send public keys only',
  keys_symmetric: 'contains a symmetric key; send public keys only',
  keys_weak: 'contains an RSA key below 2048 bits or with a trivial exponent',
  keys_unsupported: 'contains a key of an unsupported type, curve or size',
  wrong_type: 'has the wrong JSON type',
  too_long: 'is too long',
  too_many_items: 'has more than 10 elements',
  text_blank: 'contains nothing but white space',
  text_unprintable: 'contains control, bidirectional, invisible or unassigned characters',
  value_unsupported: 'has a value that is not supported',
  redirect_uris_missing: 'is required for redirect-based grant types',
  member_refused: 'must not appear in a client metadata document',
  language_repeated: 'repeats a language tag in different case',
  grant_types_unsupported:
    'contains no grant type that this server supports and that obtains a token by itself',
  response_types_unsupported: 'contains no response type that this server supports',
  response_types_inconsistent: 'does not go with grant_types (RFC 7591 section 2.1)',
  authentication_method_unsupported: 'is not supported here',
  authentication_method_conflict: 'must not be none for a client with the client_credentials grant',
  key_source_conflict: 'must not be sent together with jwks_uri',
  key_source_missing: 'needs jwks or jwks_uri',
  certificate_subject_ambiguous:
    'needs exactly one of tls_client_auth_subject_dn, _san_dns, _san_uri, _san_ip and _san_email',
  certificate_binding_unsupported: 'must be false: this server takes no client certificates',
  token_binding_conflict: 'must not be sent together with tls_client_certificate_bound_access_tokens',
  implicit_redirect_refused:
    'must be https on a host other than localhost for a web client with the implicit grant',
};
