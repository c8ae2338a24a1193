package admission.callers_test

import data.admission.callers

test_a_token_names_hosts[note] if {
	some note, tc in {
		"exactly": {"host": "app.example", "labels": ["app", "example"], "named": true},
		"below a pattern": {"host": "a.apps.example", "labels": ["a", "apps", "example"], "named": true},
		"an address, which has no labels": {"host": "203.0.113.9", "labels": [], "named": true},
		"another address": {"host": "203.0.113.10", "labels": [], "named": false},
		"another host": {"host": "other.example", "labels": ["other", "example"], "named": false},
	}
	hosts := ["app.example", "*.apps.example", "203.0.113.9"]
	uri := {"host": tc.host, "labels": tc.labels}
	_named(uri, hosts) == tc.named
}

_named(uri, hosts) if {
	callers.token_names_host(uri) with input as {"caller": {"constraints": {"redirect_hosts": hosts}}}
} else := false
