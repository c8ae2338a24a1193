package admission.rules.software_statements_test

import data.admission.rules.software_statements
import data.admission.statements

_statement := {"issuer": "https://directory.example", "members": ["redirect_uris"], "claims": {}}

_input(kind, statement) := {
	"caller": {"kind": kind},
	"profile": "test",
	"statement": statement,
	"client": {"scope": ["payments", "read"], "grant_types": ["authorization_code", "client_credentials"]},
}

_profiles := {"test": {"software_statements": {
	"required_for": {"scopes": ["payments"], "grant_types": ["client_credentials"]},
	"scope_ceiling_without": ["read"],
	"reviewed_by": ["https://directory.example"],
}}}

test_what_is_kept_for_statements_is_refused_without if {
	found := software_statements.violations with input as _input("anonymous", null) with data.profiles as _profiles
	found == {
		{"code": "software_statement_required", "field": "scope", "params": {"value": "payments"}},
		{"code": "software_statement_required", "field": "grant_types", "params": {"value": "client_credentials"}},
	}
}

test_nobody_is_refused[note] if {
	some note, tc in {
		"statement": {"kind": "anonymous", "statement": _statement, "profiles": _profiles},
		"operator": {"kind": "operator", "statement": null, "profiles": _profiles},
		"profile without the setting": {"kind": "anonymous", "statement": null, "profiles": {"test": {}}},
	}
	violations := software_statements.violations with input as _input(tc.kind, tc.statement)
		with data.profiles as tc.profiles
	count(violations) == 0
	not software_statements.obligations with input as _input(tc.kind, tc.statement) with data.profiles as tc.profiles
}

test_without_a_statement_there_is_a_ceiling if {
	found := software_statements.obligations with input as _input("anonymous", null) with data.profiles as _profiles
	found == {"scope_ceiling": ["read"]}
}

test_an_issuer_vouches_for_what_it_set[note] if {
	some note, tc in {
		"set": {"issuer": "https://directory.example", "members": ["redirect_uris"]},
		"not set": {"issuer": "https://directory.example", "members": ["scope"]},
		"another issuer": {"issuer": "https://other.example", "members": ["redirect_uris"]},
	}
	statement := {"issuer": tc.issuer, "members": tc.members, "claims": {}}
	vouched := {note | _vouched(statement)}
	vouched == {note} & {"set"}
}

test_nobody_vouches_without_a_statement if not _vouched(null)

_vouched(statement) if {
	statements.vouched_for("redirect_uris") with input as _input("anonymous", statement)
		with data.profiles as _profiles
}
