package admission_test

import data.admission

_input := object.union(data.cases.base, {"client": {"redirect_uris": []}})

_decision(custom) := decision if {
	decision := admission.decision with input as _input with data.custom.rules as custom
}

_finding := {"code": "no", "field": "client_name", "params": {}}

_stamped := object.union(_finding, {"rule": "custom.mine"})

test_the_decision_is_an_entrypoint_with_every_member if {
	decision := admission.decision with input as _input
	object.keys(decision) == {"outcome", "violations", "reviews", "obligations", "warnings"}
}

test_custom_rules_take_part[note] if {
	some note, tc in {
		"violation": {
			"rules": {"violations": {_finding}},
			"decision": {"outcome": "deny", "violations": [_stamped]},
		},
		"review": {"rules": {"reviews": {_finding}}, "decision": {"outcome": "review", "reviews": [_stamped]}},
		"warning": {"rules": {"warnings": {_finding}}, "decision": {"outcome": "allow", "warnings": [_stamped]}},
		"violation over review": {
			"rules": {"reviews": {_finding}, "violations": {_finding}},
			"decision": {"outcome": "deny", "violations": [_stamped], "reviews": [_stamped]},
		},
		"obligation": {
			"rules": {"obligations": {"client_lifetime": 60}},
			"decision": {"outcome": "allow", "obligations": {"client_lifetime": 60}},
		},
	}
	decision := _decision({"mine": tc.rules})
	object.union(decision, tc.decision) == decision
}

test_a_rule_cannot_speak_for_another if {
	decision := _decision({"mine": {"violations": {object.union(_finding, {"rule": "redirect_hosts"})}}})
	decision.violations == [_stamped]
}

test_findings_that_are_no_set_leave_no_decision[note] if {
	some note, rules in {
		"violations as text": {"violations": "no"},
		"violations as an object": {"violations": {"a": _finding}},
		"reviews as a list": {"reviews": [_finding]},
		"warnings as a boolean": {"warnings": false},
		"unknown obligation": {"obligations": {"lifetime": 60}},
	}
	not _decision({"mine": rules})
}

test_a_finding_that_is_no_object_reaches_the_host_as_it_is[note] if {
	some note, tc in {
		"violation": {"rules": {"violations": {"no"}}, "member": "violations"},
		"review": {"rules": {"reviews": {"no"}}, "member": "reviews"},
	}
	_decision({"mine": tc.rules})[tc.member] == ["no"]
}
