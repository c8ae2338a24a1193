# METADATA
# title: Token constraints
# description: >
#   An initial access token narrows what may be registered with it, at first and in every later change. A constraint that
#   the token does not carry does not constrain. Scopes and resources also become ceilings.
# schemas:
#   - input: schema.input
package admission.rules.token_constraints

import data.admission.callers
import data.admission.redirects

violations contains {
	"code": "not_in_token",
	"field": constrained.field,
	"params": {"constraint": constraint, "value": value},
} if {
	some constraint, constrained in _constrained
	allowed := input.caller.constraints[constraint]
	some value in constrained.values
	not value in allowed
}

violations contains {
	"code": "redirect_uri_not_in_token",
	"field": field,
	"params": {"redirect_uri": uri.raw},
} if {
	_ = input.caller.constraints.redirect_hosts
	some {"field": field, "uri": uri} in redirects.entries
	not callers.token_names_host(uri)
}

violations contains {
	"code": "profile_not_in_token",
	"field": "profile",
	"params": {"profile": input.profile},
} if {
	constrained := input.caller.constraints.profile
	constrained != input.profile
}

_constrained := {
	"scopes": {"field": "scope", "values": input.client.scope},
	"grant_types": {"field": "grant_types", "values": input.client.grant_types},
	"token_endpoint_auth_methods": {
		"field": "token_endpoint_auth_method",
		"values": [input.client.token_endpoint_auth_method],
	},
}

_ceilings := {"scopes": "scope_ceiling", "resources": "resource_ceiling", "grant_types": "grant_types"}

obligations := {obligation: input.caller.constraints[constraint] | some constraint, obligation in _ceilings}
