package admission.input_guard_test

import data.admission
import data.admission.input_guard

_uri := {
	"raw": "https://app.example/cb",
	"scheme": "https",
	"host": "app.example",
	"labels": ["app", "example"],
	"port": null,
	"path": "/cb",
	"loopback": false,
	"registrable_domain": "app.example",
}

_input := object.union(data.cases.base, {
	"client": {"redirect_uris": [_uri]},
	"custom_errors": [{"field": "team", "keyword": "type", "pointer": "/team"}],
})

test_a_whole_input_is_readable if input_guard.readable with input as _input

test_a_profile_that_does_not_exist_leaves_no_decision if {
	not admission.decision with input as object.union(_input, {"profile": "unheard-of"})
}

test_a_member_of_another_type_leaves_no_decision[path] if {
	some path in _members_that_rules_rely_on
	every wrong in _wrong_values(path) {
		changed := json.patch(_input, [{"op": "replace", "path": path, "value": wrong}])
		not input_guard.readable with input as changed
		not admission.decision with input as changed
	}
}

test_a_missing_member_leaves_no_decision[path] if {
	some path in _members_that_rules_rely_on
	changed := json.patch(_input, [{"op": "remove", "path": path}])
	not input_guard.readable with input as changed
	not admission.decision with input as changed
}

_members_that_rules_rely_on := {
	"/version",
	"/profile",
	"/caller",
	"/caller/kind",
	"/caller/token_id",
	"/caller/constraints",
	"/client",
	"/client/redirect_uris",
	"/client/redirect_uris/0/raw",
	"/client/redirect_uris/0/scheme",
	"/client/redirect_uris/0/host",
	"/client/redirect_uris/0/labels",
	"/client/redirect_uris/0/path",
	"/client/redirect_uris/0/loopback",
	"/client/grant_types",
	"/client/scope",
	"/client/token_endpoint_auth_method",
	"/custom_errors",
	"/custom_errors/0/field",
	"/custom_errors/0/keyword",
	"/custom_errors/0/pointer",
}

# A number is no value of any of them, nor is text where text is not what is asked for.
_wrong_values(path) := [7, "text"] if path in {
	"/caller",
	"/caller/constraints",
	"/client",
	"/client/redirect_uris",
	"/client/redirect_uris/0/labels",
	"/client/redirect_uris/0/loopback",
	"/client/grant_types",
	"/client/scope",
	"/custom_errors",
}

else := [7]
