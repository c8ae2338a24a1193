package admission.rules.grant_types_test

import data.admission.rules.grant_types

_input := {"profile": "test", "client": {"grant_types": ["authorization_code", "password"]}}

test_only_listed_grant_types_pass if {
	found := grant_types.violations with input as _input
		with data.profiles as {"test": {"grant_types": {"authorization_code": {"auth_methods": []}}}}
	found == {{"code": "grant_type_not_allowed", "field": "grant_types", "params": {"grant_type": "password"}}}
}

test_without_settings_nothing_passes if {
	found := grant_types.violations with input as _input with data.profiles as {"test": {}}
	count(found) == 2
}
