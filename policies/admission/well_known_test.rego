package admission.well_known_test

import data.admission.well_known

_profiles := {"test": {"well_known_clients": [{
	"name": "App",
	"redirect_uris": ["https://app.example/cb"],
	"redirect_prefixes": [{"scheme": "app", "host": "auth", "path_prefix": "/back"}],
}]}}

_uri(scheme, host, path) := {
	"raw": concat("", [scheme, "://", host, path]),
	"scheme": scheme,
	"host": host,
	"path": path,
}

test_who_owns_a_uri[note] if {
	some note, tc in {
		"the exact one": {"uri": _uri("https", "app.example", "/cb"), "owned": true},
		"below the prefix": {"uri": _uri("app", "auth", "/back/1"), "owned": true},
		"the prefix itself": {"uri": _uri("app", "auth", "/back"), "owned": false},
		"another scheme": {"uri": _uri("other", "auth", "/back/1"), "owned": false},
		"another host": {"uri": _uri("app", "other", "/back/1"), "owned": false},
		"another path": {"uri": _uri("app", "auth", "/forth/1"), "owned": false},
		"a path that does not begin with a slash": {"uri": _uri("app", "auth", "x/back/1"), "owned": false},
		"a dot segment": {"uri": _uri("app", "auth", "/back/../1"), "owned": false},
		"percent-encoded": {"uri": _uri("app", "auth", "/back/%2e"), "owned": false},
	}
	_owned(tc.uri) == tc.owned
}

_owned(uri) if {
	well_known.owned(uri) with input as {"profile": "test"} with data.profiles as _profiles
} else := false
