package admission.rules.scopes_test

import data.admission.rules.scopes

_input(kind) := {"caller": {"kind": kind}, "profile": "test", "client": {"scope": ["admin", "read"]}}

_profiles := {"test": {"review_scopes": ["admin"], "scope_ceiling": ["read"]}}

test_sensitive_scopes_are_reviewed if {
	found := scopes.reviews with input as _input("anonymous") with data.profiles as _profiles
	found == {{"code": "scope_needs_review", "field": "scope", "params": {"scope": "admin"}}}
}

test_an_operator_is_not_reviewed if {
	found := scopes.reviews with input as _input("operator") with data.profiles as _profiles
	count(found) == 0
}

test_the_ceiling_is_an_obligation if {
	found := scopes.obligations with input as _input("anonymous") with data.profiles as _profiles
	found == {"scope_ceiling": ["read"]}
}

test_without_a_ceiling_there_is_no_obligation if {
	not scopes.obligations with input as _input("anonymous") with data.profiles as {"test": {}}
}
