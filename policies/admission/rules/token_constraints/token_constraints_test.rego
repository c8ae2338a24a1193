package admission.rules.token_constraints_test

import data.admission.rules.token_constraints

_client := {
	"redirect_uris": [{"raw": "https://app.example/cb", "host": "app.example", "labels": ["app", "example"]}],
	"grant_types": ["authorization_code"],
	"scope": ["read"],
	"token_endpoint_auth_method": "none",
}

_input(constraints) := {"profile": "test", "caller": {"constraints": constraints}, "client": _client}

test_each_constraint_narrows[note] if {
	some note, tc in {
		"none": {"constraints": null, "codes": set()},
		"scopes kept": {"constraints": {"scopes": ["read", "write"]}, "codes": set()},
		"scopes exceeded": {"constraints": {"scopes": []}, "codes": {"not_in_token"}},
		"grant types exceeded": {"constraints": {"grant_types": ["refresh_token"]}, "codes": {"not_in_token"}},
		"method exceeded": {
			"constraints": {"token_endpoint_auth_methods": ["private_key_jwt"]},
			"codes": {"not_in_token"},
		},
		"a constraint that is no list admits nothing": {"constraints": {"scopes": "read"}, "codes": {"not_in_token"}},
		"host kept": {"constraints": {"redirect_hosts": ["app.example"]}, "codes": set()},
		"host exceeded": {
			"constraints": {"redirect_hosts": ["other.example"]},
			"codes": {"redirect_uri_not_in_token"},
		},
		"profile kept": {"constraints": {"profile": "test"}, "codes": set()},
		"profile exceeded": {"constraints": {"profile": "other"}, "codes": {"profile_not_in_token"}},
	}
	found := token_constraints.violations with input as _input(tc.constraints)
	{finding.code | some finding in found} == tc.codes
}

test_constraints_become_ceilings if {
	found := token_constraints.obligations with input as _input({
		"scopes": ["read"],
		"grant_types": ["authorization_code"],
		"resources": ["https://api.example/"],
		"redirect_hosts": ["app.example"],
	})
	found == {
		"scope_ceiling": ["read"],
		"grant_types": ["authorization_code"],
		"resource_ceiling": ["https://api.example/"],
	}
}
