# METADATA
# title: Authentication methods
# description: Refuses a token endpoint authentication method that the profile does not list for a requested grant type.
# schemas:
#   - input: schema.input
package admission.rules.auth_methods

import data.admission.profile

violations contains {
	"code": "auth_method_not_allowed",
	"field": "token_endpoint_auth_method",
	"params": {"auth_method": input.client.token_endpoint_auth_method, "grant_type": grant_type},
} if {
	some grant_type in input.client.grant_types
	profile.settings.grant_types[grant_type]
	not _suits(grant_type)
}

_suits(grant_type) if {
	input.client.token_endpoint_auth_method in profile.settings.grant_types[grant_type].auth_methods
}
