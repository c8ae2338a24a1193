package admission.rules.client_names_test

import data.admission.rules.client_names

_profiles := {"test": {
	"reserved_names": ["Bank"],
	"well_known_clients": [{"name": "App", "redirect_uris": ["https://app.example/cb"], "reserved_names": ["App"]}],
}}

_app := {"raw": "https://app.example/cb", "loopback": false}

_other := {"raw": "https://other.example/cb", "loopback": false}

_local := {"raw": "http://localhost/cb", "loopback": true}

_input(name, uris) := {
	"caller": {"kind": "anonymous"},
	"profile": "test",
	"client": {"client_name": name, "redirect_uris": uris},
}

test_a_reserved_name_needs_the_redirect_of_its_owner[note] if {
	some note, tc in {
		"owner": {"name": "App", "uris": [_app], "reviewed": set()},
		"owner, also on loopback": {"name": "app", "uris": [_local, _app], "reviewed": set()},
		"somebody else": {"name": "APP for you", "uris": [_other], "reviewed": {"App"}},
		"owner and somebody else": {"name": "App", "uris": [_app, _other], "reviewed": {"App"}},
		"no redirect": {"name": "App", "uris": [], "reviewed": {"App"}},
		"owned by nobody": {"name": " bank ", "uris": [_app], "reviewed": {"Bank"}},
		"another word": {"name": "Application", "uris": [_other], "reviewed": set()},
	}
	found := client_names.reviews with input as _input(tc.name, tc.uris) with data.profiles as _profiles
	{finding.params.reserved_name | some finding in found} == tc.reviewed
}

test_only_names_are_names if {
	member := {"client": {"software_id": "App"}}
	found := client_names.reviews with input as object.union(_input("Mine", [_other]), member) with data.profiles as _profiles
	count(found) == 0
}

test_loopback_alone_is_a_warning if {
	reviews := client_names.reviews with input as _input("App", [_local]) with data.profiles as _profiles
	warnings := client_names.warnings with input as _input("App", [_local]) with data.profiles as _profiles
	count(reviews) == 0
	count(warnings) == 1
}
