package admission.rules.prior_standing_test

import data.admission.rules.prior_standing

_prior := {"outcome": "held", "reference": "c_1", "since": "2026-01-01T00:00:00.000Z"}

_params := {"outcome": "held", "reference": "c_1"}

_input(kind, prior) := {"caller": {"kind": kind}, "profile": "test", "facts": {"prior": prior}}

_found(kind, prior, settings) := {"violations": violations, "reviews": reviews} if {
	asked := _input(kind, prior)
	violations := prior_standing.violations with input as asked with data.profiles as {"test": settings}
	reviews := prior_standing.reviews with input as asked with data.profiles as {"test": settings}
}

_identical := {"code": "identical_client_barred", "field": "client_metadata", "params": _params}

_software := {"code": "software_barred", "field": "software_id", "params": _params}

test_the_identical_client_is_refused_and_the_software_reviewed[note] if {
	some note, tc in {
		"identical": {
			"prior": {"fingerprint": _prior, "software": null},
			"expected": {"violations": {_identical}, "reviews": set()},
		},
		"software": {
			"prior": {"fingerprint": null, "software": _prior},
			"expected": {"violations": set(), "reviews": {_software}},
		},
		"both": {
			"prior": {"fingerprint": _prior, "software": _prior},
			"expected": {"violations": {_identical}, "reviews": {_software}},
		},
		"nothing": {
			"prior": {"fingerprint": null, "software": null},
			"expected": {"violations": set(), "reviews": set()},
		},
	}
	_found("anonymous", tc.prior, {}) == tc.expected
}

test_the_profile_ignores_what_it_names if {
	both := {"fingerprint": _prior, "software": _prior}
	_found("anonymous", both, {"prior_standing": {"identical": "ignore"}}) == {
		"violations": set(),
		"reviews": {_software},
	}
	_found("anonymous", both, {"prior_standing": {"identical": "deny", "software": "ignore"}}) == {
		"violations": {_identical},
		"reviews": set(),
	}
}

test_an_operator_enters_what_they_want if {
	both := {"fingerprint": _prior, "software": _prior}
	_found("operator", both, {}) == {"violations": set(), "reviews": set()}
}

test_where_nobody_looked_nothing_is_found if {
	asked := {"caller": {"kind": "anonymous"}, "profile": "test", "facts": {}}
	found := prior_standing.violations with input as asked with data.profiles as {"test": {}}
	count(found) == 0
}
