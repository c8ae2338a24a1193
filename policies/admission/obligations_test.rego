package admission.obligations_test

import data.admission.obligations

test_the_narrowest_holds[note] if {
	some note, tc in {
		"nothing": {"given": set(), "merged": {}},
		"one": {"given": {{"token_lifetime": 300}}, "merged": {"token_lifetime": 300}},
		"ceilings intersect": {
			"given": {{"scope_ceiling": ["b", "a", "c"]}, {"scope_ceiling": ["c", "b"]}},
			"merged": {"scope_ceiling": ["b", "c"]},
		},
		"disjoint ceilings leave nothing": {
			"given": {{"grant_types": ["a"]}, {"grant_types": ["b"]}},
			"merged": {"grant_types": []},
		},
		"the shortest lifetime": {
			"given": {{"client_lifetime": 300}, {"client_lifetime": 60}},
			"merged": {"client_lifetime": 60},
		},
		"consent once required": {
			"given": {{"require_consent": false}, {"require_consent": true}},
			"merged": {"require_consent": true},
		},
		"consent not required": {"given": {{"require_consent": false}}, "merged": {"require_consent": false}},
		"the lowest trust": {
			"given": {{"trust": "trusted"}, {"trust": "untrusted"}, {"trust": "approved"}},
			"merged": {"trust": "untrusted"},
		},
		"different obligations stand side by side": {
			"given": {{"trust": "trusted"}, {"secret_lifetime": 60, "resource_ceiling": ["r"]}},
			"merged": {"trust": "trusted", "secret_lifetime": 60, "resource_ceiling": ["r"]},
		},
	}
	obligations.readable(tc.given)
	obligations.merged(tc.given) == tc.merged
}

test_what_cannot_be_merged_is_not_readable[note] if {
	some note, given in {
		"no object": "token_lifetime",
		"empty list": [],
		"lifetime as a list": {"token_lifetime": ["60"]},
		"ceiling that is a set": {"scope_ceiling": {"read"}},
		"unknown name": {"token_lifetimes": 60},
		"ceiling that is no list": {"scope_ceiling": "read"},
		"ceiling of numbers": {"scope_ceiling": [1]},
		"lifetime as text": {"token_lifetime": "60"},
		"no lifetime": {"token_lifetime": 0},
		"fraction of a second": {"token_lifetime": 0.5},
		"consent as text": {"require_consent": "no"},
		"unknown trust": {"trust": "full"},
	}
	not obligations.readable({given})
}
