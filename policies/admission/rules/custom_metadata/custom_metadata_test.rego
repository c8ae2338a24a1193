package admission.rules.custom_metadata_test

import data.admission.rules.custom_metadata

test_an_error_becomes_a_violation if {
	found := custom_metadata.violations with input.custom_errors as [{
		"field": "cost_center",
		"keyword": "required",
		"pointer": "/cost_center",
	}]
	found == {{
		"code": "custom_metadata_invalid",
		"field": "cost_center",
		"params": {"keyword": "required", "pointer": "/cost_center"},
	}}
}

test_no_error_is_no_violation if {
	found := custom_metadata.violations with input.custom_errors as []
	count(found) == 0
}
