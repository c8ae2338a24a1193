# METADATA
# title: Well-known clients
# description: >
#   Recognises the published redirect URIs of well-known clients. A client is never recognised by the name it gives
#   itself: anybody can send a name, but only the owner of the redirect URI receives the authorization code.
# schemas:
#   - input: schema.input
package admission.well_known

import data.admission.profile

# METADATA
# description: The well-known clients of the profile that a pre-parsed URI belongs to.
owners(uri) := {client |
	some client in profile.settings.well_known_clients
	_owns(client, uri)
}

# METADATA
# description: Whether a pre-parsed URI belongs to any well-known client.
owned(uri) if count(owners(uri)) > 0

_owns(client, uri) if uri.raw in client.redirect_uris

_owns(client, uri) if {
	some prefix in client.redirect_prefixes
	_below(uri, prefix)
}

# The path is compared segment by segment. The URI must consist of scheme, host and path alone, which leaves no room for a
# port, a query or user information, and no segment may be empty, a dot segment or percent-encoded.
_below(uri, prefix) if {
	uri.scheme == prefix.scheme
	uri.host == prefix.host
	uri.raw == concat("", [uri.scheme, "://", uri.host, uri.path])
	segments := _segments(uri.path)
	every segment in segments {
		_plain(segment)
	}
	expected := [segment | some segment in split(prefix.path_prefix, "/"); segment != ""]
	count(segments) > count(expected)
	array.slice(segments, 0, count(expected)) == expected
}

# What follows the slashes of a path that begins with one.
_segments(path) := array.slice(parts, 1, count(parts)) if {
	parts := split(path, "/")
	parts[0] == ""
}

_plain(segment) if {
	not segment in {"", ".", ".."}
	not contains(segment, "%")
	not contains(segment, ";")
}
