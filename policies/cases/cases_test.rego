# METADATA
# title: The table of cases
# description: >
#   Runs every case of cases/tables through OPA itself. The service runs the same table through the built WebAssembly, so
#   that a difference between the two engines shows.
package cases_test

import data.admission

test_cases[name] if {
	some table, cases in data.cases.tables
	some case in cases
	name := concat(": ", [table, case.name])
	_answer(case) == case.expected
}

# A decision, or the one word "none" where there is none.
_answer(case) := object.union(_summary(decision), _obligations(case, decision)) if {
	decision := admission.decision with input as _input(case)
		with data.profiles as {"default": object.union(data.profiles["default"], _settings(case))}
} else := {"outcome": "none"}

_summary(decision) := {
	"outcome": decision.outcome,
	"codes": sort({finding.code | some finding in array.concat(decision.violations, decision.reviews)}),
	"warnings": sort({finding.code | some finding in decision.warnings}),
}

_obligations(case, decision) := {"obligations": decision.obligations} if case.expected.obligations

else := {}

_settings(case) := object.get(case, "settings", {})

_input(case) := object.union_n([merged, {"client": _parsed_client(merged.client)}, _previous(merged.previous)]) if {
	merged := object.union(data.cases.base, case.input)
}

_previous(previous) := {"previous": {"client": _parsed_client(previous.client)}} if is_object(previous)

else := {}

_parsed_client(client) := {member: _parsed(value) | some member, value in client}

# Cases write URIs as text; cases/uris.json holds what the service makes of each.
_parsed(value) := [_parsed_uri(entry) | some entry in value] if is_array(value)

else := _parsed_uri(value)

_parsed_uri(value) := object.get(data.cases.uris, [value], value) if is_string(value)

else := value
