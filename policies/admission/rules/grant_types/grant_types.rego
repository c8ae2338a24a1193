# METADATA
# title: Grant types
# description: Refuses every grant type that the profile does not list.
# schemas:
#   - input: schema.input
package admission.rules.grant_types

import data.admission.profile

violations contains {
	"code": "grant_type_not_allowed",
	"field": "grant_types",
	"params": {"grant_type": grant_type},
} if {
	some grant_type in input.client.grant_types
	not profile.settings.grant_types[grant_type]
}
