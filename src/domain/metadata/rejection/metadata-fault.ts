/** Why a URI is not accepted. */
export type UriFault =
  | 'uri_too_long'
  | 'uri_not_ascii'
  | 'uri_malformed'
  | 'uri_not_canonical'
  | 'uri_with_userinfo'
  | 'uri_with_fragment'
  | 'uri_with_wildcard'
  | 'uri_with_path_traversal'
  | 'uri_with_encoded_control'
  | 'uri_scheme_refused'
  | 'uri_scheme_without_dot'
  | 'uri_http_not_loopback'
  | 'uri_not_https'
  | 'uri_host_is_ip_address';

/** Why a JSON Web Key Set is not accepted. */
export type KeyFault =
  'keys_malformed' | 'keys_private' | 'keys_symmetric' | 'keys_weak' | 'keys_unsupported';

/** Why one value, looked at alone, is not accepted. */
export type ValueFault =
  'wrong_type' | 'too_long' | 'too_many_items' | 'text_blank' | 'text_unprintable' | 'value_unsupported';

/** Why a member, or members together, are not accepted. */
export type CombinationFault =
  | 'redirect_uris_missing'
  | 'member_refused'
  | 'language_repeated'
  | 'grant_types_unsupported'
  | 'response_types_unsupported'
  | 'response_types_inconsistent'
  | 'authentication_method_unsupported'
  | 'authentication_method_conflict'
  | 'key_source_conflict'
  | 'key_source_missing'
  | 'certificate_subject_ambiguous'
  | 'certificate_binding_unsupported'
  | 'token_binding_conflict'
  | 'implicit_redirect_refused';

export type MetadataFault = UriFault | KeyFault | ValueFault | CombinationFault;
