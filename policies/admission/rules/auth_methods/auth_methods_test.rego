package admission.rules.auth_methods_test

import data.admission.rules.auth_methods

_input := {
	"profile": "test",
	"client": {"grant_types": ["authorization_code", "client_credentials"], "token_endpoint_auth_method": "none"},
}

test_the_method_must_suit_each_grant_type if {
	found := auth_methods.violations with input as _input with data.profiles as {"test": {"grant_types": {
		"authorization_code": {"auth_methods": ["none"]},
		"client_credentials": {"auth_methods": ["private_key_jwt"]},
	}}}
	{finding.params.grant_type | some finding in found} == {"client_credentials"}
}

test_a_grant_type_without_methods_admits_none if {
	found := auth_methods.violations with input as _input
		with data.profiles as {"test": {"grant_types": {"authorization_code": {}, "client_credentials": {}}}}
	count(found) == 2
}
