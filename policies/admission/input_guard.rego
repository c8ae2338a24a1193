# METADATA
# title: Input guard
# description: >
#   A rule that looks for something bad finds nothing where the member is missing. So the members that rules rely on are
#   proved to be there, with their types, before any finding counts.
# schemas:
#   - input: schema.input
package admission.input_guard

import data.admission.profile
import data.admission.redirects

readable if {
	input.version == 1
	is_object(profile.obligations)
	_caller_readable
	_client_readable
	every entry in redirects.entries {
		_uri_readable(entry.uri)
	}
	is_array(input.custom_errors)
	every error in input.custom_errors {
		_custom_error_readable(error)
	}
}

_caller_readable if {
	is_string(input.caller.kind)
	_string_or_null(input.caller.token_id)
	_object_or_null(input.caller.constraints)
}

_client_readable if {
	is_array(input.client.redirect_uris)
	is_array(input.client.grant_types)
	is_array(input.client.scope)
	is_string(input.client.token_endpoint_auth_method)
}

_uri_readable(uri) if {
	is_string(uri.raw)
	is_string(uri.scheme)
	is_string(uri.path)
	is_array(uri.labels)
	is_boolean(uri.loopback)
	_string_or_null(uri.host)
}

_custom_error_readable(error) if {
	is_string(error.field)
	is_string(error.keyword)
	is_string(error.pointer)
}

_string_or_null(value) if is_string(value)

_string_or_null(null)

_object_or_null(value) if is_object(value)

_object_or_null(null)
